using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Training;

/// <summary>The held-out loss of both checkpoints, each as it would be used.</summary>
/// <param name="Schema">`seer/acceptance@1`</param>
/// <param name="Before">Of the checkpoint that the training began with, nats a token.</param>
/// <param name="After">Of the tuned one.</param>
/// <param name="Step">Steps that the tuned one had made.</param>
/// <param name="Kept">`tuned`, or `input` where that was no worse; then the tuned one is in `rejected/`, and the input in `checkpoint/`.</param>
public sealed record Acceptance(string Schema, double Before, double After, int Step, string Kept)
{
    public const string Name = "acceptance.json";

    /// <summary>The result that the options ask for.</summary>
    public static Acceptance Of(double before, HeldOutLook after, Accept accept) => new(
        "seer/acceptance@1", before, after.Loss, after.Step, accept == Accept.IfBetter && !(after.Loss < before) ? "input" : "tuned");

    /// <summary>Whether the tuned checkpoint was no better, and so is not the result.</summary>
    public bool IsRejected() => Kept == "input";

    /// <summary>Of a training that is done; null where it had no held-out data.</summary>
    public static Acceptance? Read(string folder) =>
        Path.Combine(folder, Name) is var path && File.Exists(path) ? SeerJson.Read<Acceptance>(path, "Train again.") : null;

    /// <summary>The checkpoint that a training began with, file by file.</summary>
    /// <param name="outputFolder">A new folder.</param>
    public static void Copy(Checkpoint source, string outputFolder)
    {
        using var output = NewFolder.Create(outputFolder);
        string[] names = ["config.json", .. source.Shards.Select(shard => shard.FileName), .. source.SideFiles, ShardIndex.FileName];
        foreach (var name in names.Where(name => File.Exists(Path.Combine(source.Folder, name))).Distinct())
        {
            File.Copy(Path.Combine(source.Folder, name), output.PathOf(name));
        }

        output.Complete();
    }
}
