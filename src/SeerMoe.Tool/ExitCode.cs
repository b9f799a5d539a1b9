namespace SeerMoe.Tool;

/// <summary>What the process tells its caller.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>Our fault: an unexpected error; its log is named on stderr.</summary>
    public const int OurFault = 1;

    /// <summary>The user's input: a bad option, recipe, data file or checkpoint.</summary>
    public const int BadInput = 2;

    /// <summary>A verification found a difference.</summary>
    public const int Differs = 3;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
