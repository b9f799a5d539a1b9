using System.Globalization;
using SeerMoe.Torch.Streaming;

namespace SeerMoe.Recipes.Planning;

/// <summary>Refuses a run that can not fit: in memory, or on the disk.</summary>
public static class RunLimits
{
    private const double GiB = 1L << 30;

    /// <param name="plan">What is to be done.</param>
    /// <param name="root">Where it would be written; need not be there.</param>
    /// <param name="isReused">Whether a stage was done before and takes nothing.</param>
    /// <exception cref="InputException">A stage takes more than --memory or the machine has, or all together write more than is free.</exception>
    public static void Refuse(RunPlan plan, string root, Func<PlannedStage, bool> isReused)
    {
        RefuseMemory(plan, isReused);
        var free = FreeBytes(root);
        if (plan.DiskBytes > free)
        {
            var needed = plan.Stages.Where(stage => stage.DiskBytes > 0 && !isReused(stage)).Sum(stage => stage.DiskBytes);
            if (needed > free)
            {
                throw new InputException(
                    $"The run writes about {Size(needed)}, {Size(free)} are free.",
                    Path.GetFullPath(root),
                    "Make room, name a folder on another disk with --output, or evaluate with cut: masked, which writes no checkpoint.");
            }
        }
    }

    private static void RefuseMemory(RunPlan plan, Func<PlannedStage, bool> isReused)
    {
        // What a device has is not known before it is opened.
        var isCpu = plan.Environment.Device == "cpu";
        var machine = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var allowed = Math.Min(plan.Compute.MemoryBytes ?? long.MaxValue, isCpu ? machine : long.MaxValue);
        if (plan.Stages.FirstOrDefault(stage => stage.Cost.MemoryBytes > allowed && !isReused(stage)) is { } large)
        {
            var needed = large.Cost.MemoryBytes;
            throw new InputException(
                $"{large.Folder} takes about {Size(needed)} of memory{(large.Cost.Residence == Residence.Streamed ? ", although its layers are streamed" : "")}.",
                plan.Compute.MemoryBytes is { } ceiling && ceiling < machine ? $"--memory {Text(ceiling)}" : $"this machine, which has {Size(machine)}",
                large.Step is RegularizeStep
                    ? "Training can not be streamed: tune routers or lora, recompute activations, take a smaller batch or window, or compute in bfloat16."
                    : $"{(large.Cost.Residence == Residence.Resident ? $"Say --memory {Text(machine)} to stream the model layer by layer, t" : "T")}ake a smaller batch or window, or compute in bfloat16.");
        }
    }

    private static long FreeBytes(string root)
    {
        var folder = new DirectoryInfo(Path.GetFullPath(root));
        while (folder is { Exists: false, Parent: { } parent })
        {
            folder = parent;
        }

        return new DriveInfo(folder.FullName).AvailableFreeSpace;
    }

    private static string Size(long bytes) => bytes < GiB / 10 ? bytes.ToString("N0", CultureInfo.InvariantCulture) + " bytes" : $"{Text(bytes)} GiB";

    private static string Text(long bytes) => (bytes / GiB).ToString("0.##", CultureInfo.InvariantCulture);
}
