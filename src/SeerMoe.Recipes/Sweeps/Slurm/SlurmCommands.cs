using System.Diagnostics;
using System.Globalization;

namespace SeerMoe.Recipes.Sweeps.Slurm;

/// <summary>Slurm's own commands: `sbatch` submits, `squeue` tells what became of it.</summary>
internal static class SlurmCommands
{
    // What is in none of these may still run, or run again.
    private static readonly HashSet<string> Ended = new(StringComparer.Ordinal)
        { "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED", "SPECIAL_EXIT", "TIMEOUT" };

    public static bool IsActive(string state) => !Ended.Contains(state);

    /// <param name="script">Path of the script.</param>
    /// <param name="after">The job that must have succeeded before this one starts; null for none.</param>
    /// <returns>The job's number.</returns>
    /// <exception cref="InputException">Slurm is not here, or refuses.</exception>
    public static string Submit(string script, string? after)
    {
        string[] dependency = after is null ? [] : [$"--dependency=afterok:{after}"];
        var (exitCode, output, error) = Call("sbatch", ["--parsable", "--kill-on-invalid-dep=yes", .. dependency, script]);
        return exitCode == 0
            ? output.Trim().Split(';')[0] // "12;cluster" where there are several
            : throw new InputException($"sbatch refused: {OneLine(error)}", script, "Mend what it names; --sbatch \"--option=value\" adds options to the script.");
    }

    /// <summary>The state of every job and array task (`12`, `13_2`) that Slurm still remembers; null when it does not answer.</summary>
    public static IReadOnlyDictionary<string, SlurmState>? States(IReadOnlyCollection<string> jobs)
    {
        if (jobs.Count == 0)
        {
            return new Dictionary<string, SlurmState>(StringComparer.Ordinal);
        }

        var (exitCode, output, error) = Call("squeue", ["--noheader", "--array", "--states=all", "--format=%i|%T|%r", $"--jobs={string.Join(',', jobs)}"]);
        if (exitCode != 0 && !error.Contains("Invalid job id", StringComparison.Ordinal))
        {
            return null;
        }

        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split('|'))
            .Where(fields => fields.Length == 3)
            .ToDictionary(fields => fields[0], fields => new SlurmState(fields[1], fields[2]), StringComparer.Ordinal);
    }

    /// <summary>The exit code of a task that ended; null where Slurm does not know it any more, or a signal ended it.</summary>
    public static int? ExitCode(string task)
    {
        var (_, output, _) = Call("scontrol", ["show", "job", "--oneliner", task]);
        var field = output.Split(' ').FirstOrDefault(field => field.StartsWith("ExitCode=", StringComparison.Ordinal));
        return field?["ExitCode=".Length..].Split(':') is [var code, "0"] && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static (int ExitCode, string Output, string Error) Call(string command, IEnumerable<string> arguments)
    {
        try
        {
            var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception absent)
        {
            throw new InputException($"Slurm's command '{command}' is not on this machine.", "--executor slurm", "Start the sweep where Slurm's commands are, or use --executor local.", absent);
        }
    }

    private static string OneLine(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

/// <summary>`FAILED` and `NonZeroExitCode`.</summary>
internal sealed record SlurmState(string State, string Reason)
{
    public bool IsActive => SlurmCommands.IsActive(State);
}
