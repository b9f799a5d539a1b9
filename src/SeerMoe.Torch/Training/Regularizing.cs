using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Digests;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Training;

/// <summary>How a training run went.</summary>
/// <param name="FirstLoss">Loss of the first step, nats.</param>
/// <param name="LastLoss">Loss of the last step, nats.</param>
/// <param name="TopK">K that inference must use from now on.</param>
/// <param name="NeedsSeerGate">True when the tuned gate at top-1 can't be said in the family's own config, so stock runtimes multiply by 1 instead.</param>
public sealed record TrainOutcome(double FirstLoss, double LastLoss, int TopK, bool NeedsSeerGate)
{
    /// <summary>Of a training that is done.</summary>
    /// <param name="folder">Holds its log.</param>
    /// <param name="config">Of the tuned checkpoint.</param>
    /// <param name="options">That it was done with.</param>
    public static TrainOutcome Of(string folder, HfConfig config, TrainOptions options)
    {
        var steps = TrainingLog.Read(folder).ToList();
        var last = steps[^1];
        var atTop1 = last.TopK == 1 && options.GateAtTop1 == GateAtTop1.Probability;
        return new TrainOutcome(steps[0].Loss, last.Loss, last.TopK, NeedsSeerGate: atTop1 && ModelFamilies.For(config).IsGateConstantAtTop1);
    }
}

/// <summary>Stage 2: fine-tunes a checkpoint, writes training.jsonl and the tuned checkpoint.</summary>
public static class Regularizing
{
    /// <param name="digests">Told the digests of the tuned weights; null for none.</param>
    /// <param name="outputFolder">An existing folder; gets `training.jsonl` and `checkpoint/`.</param>
    /// <exception cref="InputException">Bad data or options, or a training that diverged.</exception>
    public static TrainOutcome Regularize(
        Checkpoint checkpoint, TextSource data, TrainOptions options, Compute compute, string outputFolder, IProgress<Progress>? progress = null, DigestCache? digests = null)
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
        using var log = new StreamWriter(Path.Combine(outputFolder, TrainingLog.Name)) { NewLine = "\n" };
        for (var step = 0; step < options.Steps; step++)
        {
            using var batch = TokenBatch.Of(picker.Batch(step), model.Device);
            var measured = trainer.Step(batch, step);
            log.WriteLine(TrainingLog.Line(measured));
            progress?.Report(new Progress($"steps, loss {measured.Loss:F3}, entropy {measured.Entropy:F3}, top-{measured.TopK}", measured.Step, options.Steps));
        }

        log.Close();
        TunedCheckpoint.Save(checkpoint, model, Path.Combine(outputFolder, "checkpoint"), digests);
        return TrainOutcome.Of(outputFolder, checkpoint.Config, options);
    }
}
