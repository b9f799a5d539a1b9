using System.Text;
using SeerMoe.Architectures;
using SeerMoe.Cards;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;

namespace SeerMoe.Torch.Training;

/// <summary>README.md of a tuned checkpoint: how it was trained, what became of loss and entropy, and who can load it.</summary>
internal static class TunedCard
{
    // One batch alone is noise.
    private const int Averaged = 10;

    /// <param name="source">That the training began with.</param>
    /// <param name="folder">Holds the config of the result.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="steps">Its log.</param>
    public static string Text(Checkpoint source, string folder, TrainOptions options, IReadOnlyList<TrainingStep> steps)
    {
        var config = HfConfig.Read(Path.Combine(folder, "config.json"));
        var shape = ArchitectureCatalog.For(config).Shape(config);
        var card = new StringBuilder()
            .Append(CardHead.Of("A fine-tuned Mixture of Experts"))
            .Append($"Tuned with `dotnet seer regularize` (SEER-MoE, arXiv 2404.05089): {shape.Experts.Sum()} experts in {shape.MoeLayers.Length} layers, {shape.TopK} of them a token.\n\n");
        if (Path.Combine(source.Folder, "prune-plan.json") is var path && File.Exists(path))
        {
            card.Append("## The cut before\n\n").Append(MarkdownTable.Of(header: null, ModelCard.Decision(PrunePlanFile.Read(path)))).Append('\n');
        }

        return card
            .Append("## The training\n\n").Append(MarkdownTable.Of(header: null, Options(options))).Append('\n')
            .Append(steps.Count == 0 ? "" : $"{MarkdownTable.Of(["", "first steps", "last steps"], Course(steps))}\nMeans over {Math.Min(Averaged, steps.Count)} steps of {steps.Count}; nats.\n\n")
            .Append(RuntimeAnswer.Section(folder))
            .ToString();
    }

    private static IEnumerable<IReadOnlyList<string>> Options(TrainOptions options) =>
    [
        ["tune", options.Tune.ToString().ToLowerInvariant()],
        ["steps", $"{options.Steps}"],
        ["sequences a step", $"{options.Batch * options.Accumulate}"],
        ["window", $"{options.Window}"],
        ["learning rate", $"{options.LearningRate}"],
        ["entropy weight", $"{options.EntropyWeight}"],
        ["top-K", options.TopK is { } topK ? $"{topK.From} to {topK.To}, {topK.Schedule.ToString().ToLowerInvariant()} at {topK.At}" : "the model's own"],
        ["objective", options.Objective == Objective.Distill ? "distillation" : "next token"],
        ["seed", $"{options.Seed}"],
    ];

    private static IEnumerable<IReadOnlyList<string>> Course(IReadOnlyList<TrainingStep> steps)
    {
        string[] Row(string name, Func<TrainingStep, double> of) => [name, $"{steps.Take(Averaged).Average(of):F4}", $"{steps.TakeLast(Averaged).Average(of):F4}"];
        return [Row("task loss", step => step.TaskLoss), Row("router entropy", step => step.Entropy)];
    }
}
