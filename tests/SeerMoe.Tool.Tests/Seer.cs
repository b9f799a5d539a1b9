using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Tests;

/// <summary>`dotnet seer` called in this process, with what it printed.</summary>
public sealed record Seer(int ExitCode, string Output, string Error)
{
    public static Seer Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = SeerApp.Run(args, new Terminal(output, error));
        return new Seer(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Exit code 2, nothing on stdout, and three lines on stderr: what, where, what to do.</summary>
    public void AssertRefused(string what, string where, string whatToDo)
    {
        Assert.Equal(2, ExitCode);
        Assert.Empty(Output);
        var lines = Error.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("error: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(what, lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  at ", lines[1], StringComparison.Ordinal);
        Assert.Contains(where, lines[1], StringComparison.Ordinal);
        Assert.StartsWith("  ", lines[2], StringComparison.Ordinal);
        Assert.Contains(whatToDo, lines[2], StringComparison.Ordinal);
    }
}
