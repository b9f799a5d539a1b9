using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Training;

/// <summary>How a training run went.</summary>
/// <param name="FirstLoss">Loss of the first step, nats.</param>
/// <param name="LastLoss">Loss of the last step, nats.</param>
/// <param name="TopK">K that inference must use from now on.</param>
/// <param name="NeedsSeerGate">True when the tuned gate at top-1 can't be said in the family's own config, so stock runtimes multiply by 1 instead.</param>
public sealed record TrainOutcome(double FirstLoss, double LastLoss, int TopK, bool NeedsSeerGate);

/// <summary>Stage 2: fine-tunes a checkpoint, writes training.jsonl and the tuned checkpoint.</summary>
public static class Regularizing
{
    /// <param name="outputFolder">An existing folder; gets `training.jsonl` and `checkpoint/`.</param>
    /// <exception cref="InputException">Bad data or options, or a training that diverged.</exception>
    public static TrainOutcome Regularize(
        Checkpoint checkpoint, TextSource data, TrainOptions options, Compute compute, string outputFolder, IProgress<Progress>? progress = null)
    {
        var architecture = ArchitectureCatalog.For(checkpoint.Config);
        TrainChecks.Refuse(options, architecture.Shape(checkpoint.Config), compute);
        TrainChecks.RefuseQuantised(options.Tune, checkpoint);
        using var model = MoeTransformer.Load(checkpoint, compute);
        var sequences = CalibrationText
            .Read(data, () => ModelTokenizer.Open(checkpoint, model.Family.VocabularySize), model.Family.VocabularySize, options.Window)
            .Where(sequence => Enumerable.Range(0, sequence.Ids.Length).Any(sequence.IsPrediction))
            .ToList();
        if (sequences.Count == 0)
        {
            throw new InputException("The training data has no two real tokens in a row.", data.Path, "Give more text.");
        }

        var picker = new SequencePicker(sequences, options);
        using var trainer = new Trainer(model, TrainableSet.Choose(model, architecture, options.Tune), options);
        using var log = new StreamWriter(Path.Combine(outputFolder, "training.jsonl")) { NewLine = "\n" };
        TrainingStep? first = null;
        TrainingStep? last = null;
        for (var step = 0; step < options.Steps; step++)
        {
            using var batch = TokenBatch.Of(picker.Batch(step), model.Device);
            last = trainer.Step(batch, step);
            first ??= last;
            log.WriteLine(System.Text.Json.JsonSerializer.Serialize(last, SeerJson.Line));
            progress?.Report(new Progress($"steps, loss {last.Loss:F3}, entropy {last.Entropy:F3}, top-{last.TopK}", last.Step, options.Steps));
        }

        TunedCheckpoint.Save(checkpoint, model, Path.Combine(outputFolder, "checkpoint"));
        return new TrainOutcome(
            first!.Loss, last!.Loss, model.Routing.TopK, NeedsSeerGate: model.Family.IsGateConstantAtTop1 && model.Routing is { TopK: 1, GateAtTop1: GateAtTop1.Probability });
    }
}
