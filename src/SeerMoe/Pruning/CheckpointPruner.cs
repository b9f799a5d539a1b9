using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Saving;

namespace SeerMoe.Pruning;

/// <summary>Applies a plan to a checkpoint by copying bytes: dropped experts and their router rows are left out, nothing is computed.</summary>
/// <remarks>Everything that can be wrong is found before the first byte is written; the output folder appears whole or not at all.</remarks>
public static class CheckpointPruner
{
    private const string Config = "config.json";

    /// <param name="source">Is left as it is.</param>
    /// <param name="plan">Which experts stay.</param>
    /// <param name="outputFolder">A new folder.</param>
    /// <param name="interrupted">Looked at between two pieces.</param>
    /// <param name="save">Given by a run: shards that are whole stay whatever happens, and their digests are taken; null leaves nothing behind.</param>
    /// <exception cref="InputException">The plan does not fit, the checkpoint is not what its config says, or the output is there already.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public static void Prune(Checkpoint source, PrunePlan plan, string outputFolder, CancellationToken interrupted = default, SavePoint? save = null)
    {
        var architecture = ArchitectureCatalog.For(source.Config);
        var shape = architecture.Shape(source.Config);
        RefuseSameFolder(source.Folder, outputFolder);
        NewFolder.RefuseExisting(outputFolder);
        PruneChecks.RefuseUnfit(plan, shape, "prune plan");
        ExpertChecks.RefuseOtherWeights(source, architecture);
        var renumbering = new Renumbering(plan, shape);
        if (!renumbering.DropsNothing)
        {
            ExpertChecks.RefuseUncountedLayers(source, architecture, shape);
        }

        var cuts = source.Shards.Select(shard => new ShardCut(shard, architecture, renumbering)).ToArray();

        using var folder = save is null ? NewFolder.Create(outputFolder) : NewFolder.Continue(outputFolder);
        foreach (var cut in cuts.Where(cut => !cut.IsEmpty && !File.Exists(folder.PathOf(cut.FileName))))
        {
            cut.Write(folder.PathOf(cut.FileName), save?.Digests, interrupted);
        }

        Describe(source, architecture, renumbering, cuts, folder);
        foreach (var file in source.SideFiles.Where(file => renumbering.DropsNothing || !RaggedModel.IsOurs(file)))
        {
            Copy(source, file, folder);
        }

        if (!renumbering.DropsNothing && !PrunedConfig.IsUniform(renumbering.Counts))
        {
            AtomicFile.WriteText(folder.PathOf(RaggedModel.FileName(architecture)), RaggedModel.Text(architecture));
        }

        PrunePlanFile.Write(folder.PathOf("prune-plan.json"), plan);
        AtomicFile.WriteText(folder.PathOf(ModelCard.FileName), ModelCard.Text(plan, shape, renumbering, folder.Path));
        interrupted.ThrowIfCancellationRequested();
        folder.Complete();
    }

    /// <summary>config.json and the index: the source's own where nothing is dropped, else patched.</summary>
    private static void Describe(Checkpoint source, IMoeArchitecture architecture, Renumbering renumbering, ShardCut[] cuts, NewFolder folder)
    {
        var index = Path.Combine(source.Folder, ShardIndex.FileName);
        if (renumbering.DropsNothing)
        {
            Copy(source, Config, folder);
            if (File.Exists(index))
            {
                Copy(source, ShardIndex.FileName, folder);
            }

            return;
        }

        AtomicFile.WriteText(folder.PathOf(Config), PrunedConfig.Text(source.Config, architecture, renumbering.Counts));
        if (File.Exists(index))
        {
            AtomicFile.WriteText(folder.PathOf(ShardIndex.FileName), PrunedIndex.Text(index, cuts, architecture, renumbering));
        }
    }

    private static void Copy(Checkpoint source, string file, NewFolder folder) =>
        File.Copy(Path.Combine(source.Folder, file), folder.PathOf(file), overwrite: true); // half a file of an earlier process goes

    private static void RefuseSameFolder(string source, string output)
    {
        if (Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(output)))
        {
            throw new InputException("Source and output are the same folder.", output, "A checkpoint is never changed in place: name a new folder with --output.");
        }
    }
}
