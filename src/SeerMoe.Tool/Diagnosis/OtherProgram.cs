using System.ComponentModel;
using System.Diagnostics;

namespace SeerMoe.Tool.Diagnosis;

/// <summary>A program of this machine that is asked one question.</summary>
internal static class OtherProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What it writes to stdout; null where it is absent, fails, or does not answer.</summary>
    public static string? Say(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(name, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }

            return process.ExitCode == 0 && output.Result.Trim() is { Length: > 0 } said ? said : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
