using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Recipes;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch.Training;

namespace SeerMoe.Tool.Output;

/// <summary>What should be known of a result although it is no error: the same words from a command and from a run.</summary>
public static class Notes
{
    /// <summary>Of all stages of a run.</summary>
    public static IEnumerable<string> Of(RunOutcome outcome)
    {
        var ofCounts = outcome.Result<CountResult>() is { } count ? Of(count.Statistics, outcome.Plan.Recipe.Step<CountStep>()!.Options.Tokens) : [];
        var ofCheckpoints = outcome.Plan.Stages
            .Where(stage => stage.Step is PruneStep or RegularizeStep && !outcome.Plan.Recipe.IsMasked)
            .SelectMany(stage => OfCheckpoint(Path.Combine(outcome.Folder, stage.Folder, "checkpoint")));
        var ofTraining = outcome.Result<RegularizeResult>() is { } regularize ? Of(regularize.Outcome) : [];
        return [.. ofCounts, .. ofCheckpoints.Distinct(), .. ofTraining];
    }

    /// <param name="statistics">What was counted.</param>
    /// <param name="asked">Tokens asked for; null is all there are.</param>
    public static IEnumerable<string> Of(ExpertStatistics statistics, long? asked = null)
    {
        if (statistics.Tokens < asked)
        {
            yield return $"{statistics.Tokens:N0} tokens were counted, fewer than the {asked:N0} asked for: the data hold no more.";
        }

        var unseen = statistics.Layers.Sum(layer => layer.Actual.Count(tokens => tokens == 0));
        if (unseen > 0)
        {
            yield return $"{unseen} of {statistics.Layers.Sum(layer => layer.Experts)} experts were never chosen: count more text before you call them useless.";
        }
    }

    public static IEnumerable<string> Of(TrainOutcome outcome)
    {
        if (outcome.StoppedAt is { } steps)
        {
            yield return $"The training stopped after {steps} steps: the held-out loss fell no further.";
        }

        if (outcome.HeldOut is { } judged)
        {
            var before = $"The held-out loss was {judged.Before:F4} before the training and {judged.After:F4} after {judged.Step} steps";
            yield return judged.IsRejected() ? $"{before}: the result is the checkpoint that it began with, the tuned one is in rejected/." : $"{before}.";
        }

        if (outcome.NeedsSeerGate)
        {
            yield return "Trained at top-1 with the router's probability as weight, which config.json of this family can't say: stock runtimes put 1 in its place.";
        }
    }

    /// <summary>Of a checkpoint that was written; reads its config alone.</summary>
    public static IEnumerable<string> OfCheckpoint(string folder)
    {
        var config = HfConfig.Read(Path.Combine(folder, "config.json"));
        var shape = ArchitectureCatalog.For(config).Shape(config);
        if (!shape.IsUniform)
        {
            var others = Quantization.Of(config) == Quantized.No ? ", and transformers 5 with trust_remote_code=True" : "";
            yield return $"Layers have different numbers of experts: stock runtimes can't load this checkpoint; dotnet seer can{others}. Pruning with scope layer keeps them equal.";
        }

        if (shape.TopK != shape.TopKLimit && shape.TopKLimit != int.MaxValue)
        {
            yield return $"A token is sent to {shape.TopK} experts: stock runtimes send it to {shape.TopKLimit} in this family, whatever config.json says.";
        }
    }
}
