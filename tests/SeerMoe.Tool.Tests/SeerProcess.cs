using System.Diagnostics;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>`dotnet seer` as a process, on a machine of its own: an empty home for decisions, and no packages but those given.</summary>
internal static class SeerProcess
{
    /// <param name="machine">Becomes the home; a nuget.config in it is the only one.</param>
    /// <param name="packages">NuGet's folder; null is an empty one.</param>
    /// <param name="args">The command line.</param>
    public static Seer Run(TemporaryFolder machine, string? packages, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SeerApp).Assembly.Location, .. args]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SEER_HOME"] = machine[".seer"];
        start.Environment["NUGET_PACKAGES"] = packages ?? machine["packages"];
        start.Environment.Remove("SEER_LIBTORCH");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Seer(process.ExitCode, output, error.Result);
    }
}
