using SeerMoe.Tool.Output;

namespace SeerMoe.Tool;

/// <summary>The door: arguments in, exit code out.</summary>
public static class Program
{
    public static int Main(string[] args) => SeerApp.Run(args, Terminal.OfProcess());
}
