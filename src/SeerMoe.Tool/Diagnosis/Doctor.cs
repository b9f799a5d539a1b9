using SeerMoe.Tool.Backends;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Diagnosis;

/// <summary>What this tool needs, held against what this machine has. Loads nothing native: the backend is tried in a process of its own.</summary>
public static class Doctor
{
    private const long GiB = 1L << 30;

    public static IReadOnlyList<Finding> Examine() =>
    [
        Finding.Ok("tool", $"SeerMoe.Tool {SeerApp.Version}, TorchSharp {EnvironmentVersions.TorchSharp}, made for libtorch {Backend.Version}"),
        Sdk(),
        .. Backends(),
        Finding.Ok("cpu", $"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}"),
        Memory(),
        NvidiaDevices(),
        .. CLibraries.Examine(),
        Disk("disk, here", Directory.GetCurrentDirectory(), 1, "Runs write checkpoints here: free some, or say --output."),
        Disk("disk, home", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), 1, "NuGet unpacks libtorch there (0.5 GB): free some."),
        Slurm(),
    ];

    private static Finding Sdk()
    {
        var runtime = $".NET {Environment.Version}";
        return OtherProgram.Say("dotnet", "--version") is { } sdk
            ? Finding.Ok("sdk", $"{runtime}, SDK {sdk}")
            : new Finding("sdk", State.Note, $"{runtime}, no SDK", "'backend install' needs the SDK: put dotnet on the PATH.");
    }

    private static IEnumerable<Finding> Backends()
    {
        const string subject = "backend";
        Backend? backend;
        try
        {
            backend = Backend.Active();
        }
        catch (InputException error)
        {
            return [new Finding(subject, State.Missing, $"{error.What} ({error.Where})", error.WhatToDo)];
        }

        if (backend is null)
        {
            var name = Backend.ActiveName;
            return [new Finding(subject, State.Missing, $"{name} is not on this machine", name == Backend.Path ? "dotnet seer backend use PATH" : $"dotnet seer backend install {name}")];
        }

        var trial = BackendTrialProcess.Run(backend.Folder);
        return trial.Fault is null
            ? [Finding.Ok(subject, $"{backend.Name}, libtorch {Backend.Version}, passes every check; CUDA devices: {trial.CudaDevices} ({backend.Folder})")]
            : [new Finding(subject, State.Missing, $"{backend.Name} does not work: {trial.Fault}", $"dotnet seer backend install {Backend.Cpu}")];
    }

    private static Finding Memory()
    {
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var text = $"{(double)total / GiB:F1} GiB{(AvailableMemory() is { } free ? $", {(double)free / GiB:F1} GiB of it free" : "")}";
        return total >= GiB ? Finding.Ok("memory", text) : new Finding("memory", State.Note, text, "The smallest example takes about 1 GiB.");
    }

    /// <summary>What the kernel would give without swapping; null where it does not say.</summary>
    private static long? AvailableMemory()
    {
        const string file = "/proc/meminfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)) : null;
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] && long.TryParse(kilobytes, out var value) ? value << 10 : null;
    }

    private static Finding NvidiaDevices() => OtherProgram.Say("nvidia-smi", "--query-gpu=name,memory.total,memory.free,driver_version", "--format=csv,noheader") is { } devices
        ? Finding.Ok("gpu", string.Join("; ", devices.Split('\n', StringSplitOptions.TrimEntries)))
        : Finding.Ok("gpu", "none (nvidia-smi does not answer); the CPU computes");

    private static Finding Disk(string subject, string folder, long least, string whatToDo)
    {
        // The file system that holds the folder is the mount point with the longest name that it starts with.
        var drive = DriveInfo.GetDrives()
            .Where(drive => folder.StartsWith(drive.Name, StringComparison.Ordinal))
            .MaxBy(drive => drive.Name.Length);
        if (drive is null)
        {
            return new Finding(subject, State.Note, $"the file system of {folder} does not say");
        }

        var text = $"{(double)drive.AvailableFreeSpace / GiB:F1} GiB free ({folder})";
        return drive.AvailableFreeSpace >= least * GiB ? Finding.Ok(subject, text) : new Finding(subject, State.Note, text, whatToDo);
    }

    private static Finding Slurm() => Finding.Ok("slurm", OtherProgram.Say("sbatch", "--version") ?? "none; only 'sweep --executor slurm' needs it");
}
