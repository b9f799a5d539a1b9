using System.Diagnostics;
using System.Globalization;
using SeerMoe.Tool.Commands;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Backends;

/// <summary>`seer backend check FOLDER` as a process of its own: what it found, also where it crashed.</summary>
/// <param name="Fault">What is wrong with the libraries; null for nothing.</param>
/// <param name="CudaDevices">The CUDA devices that they see.</param>
public sealed record BackendTrialProcess(string? Fault, int CudaDevices)
{
    // Loading takes half a second from a warm disk, the checks a tenth; a cold network folder may need longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static BackendTrialProcess Run(string folder)
    {
        IReadOnlyList<string> call = [.. ThisTool.Call, "backend", BackendCheckCommand.Name, folder];
        var start = new ProcessStartInfo(call[0], call.Skip(1)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return new BackendTrialProcess($"it did not answer in {Patience.TotalMinutes} minutes", 0);
        }

        process.WaitForExit(); // until both streams are read
        var lines = output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return process.ExitCode switch
        {
            ExitCode.Done => new BackendTrialProcess(Fault: null, int.Parse(lines[^1].Split(' ')[^1], CultureInfo.InvariantCulture)),
            ExitCode.BadInput or ExitCode.OurFault => new BackendTrialProcess(FirstLine(errors.Result), 0),
            var code => new BackendTrialProcess($"the process ended with code {code} in '{(lines.Length > 0 ? lines[^1] : "its start")}'", 0),
        };
    }

    /// <summary>The libraries work, or the user is told what does not.</summary>
    /// <exception cref="InputException">They don't.</exception>
    public static BackendTrialProcess Require(Backend backend)
    {
        var trial = Run(backend.Folder);
        return trial.Fault is null ? trial : throw new InputException(
            $"The libraries can't be computed with: {trial.Fault}",
            backend.Folder,
            backend.Name == Backend.Path ? $"Use a build of libtorch {Backend.Version}: dotnet seer backend install {Backend.Cpu}" : "'dotnet seer doctor' says what this machine has.");
    }

    private static string FirstLine(string errors) => errors.Split('\n')[0].Replace("error: ", "", StringComparison.Ordinal).Trim();
}
