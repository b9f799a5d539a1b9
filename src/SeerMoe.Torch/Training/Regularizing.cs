using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Saving;
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
    /// <param name="save">Given by a run: the state is kept from time to time, and what is there is gone on from; null for none.</param>
    /// <param name="outputFolder">An existing folder; gets `training.jsonl` and `checkpoint/`.</param>
    /// <exception cref="InputException">Bad data or options, or a training that diverged.</exception>
    public static TrainOutcome Regularize(
        Checkpoint checkpoint, TextSource data, TrainOptions options, Compute compute, string outputFolder, IProgress<Progress>? progress = null, SavePoint? save = null)
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
        var state = save?.PathOf("training.safetensors");
        var start = File.Exists(state) ? trainer.Restore(state) : default;
        using var log = TrainingLog.Open(outputFolder, start.LogBytes);
        for (var step = start.Steps; step < options.Steps; step++)
        {
            using var batch = TokenBatch.Of(picker.Batch(step), model.Device);
            var measured = trainer.Step(batch, step);
            log.Add(measured);
            save?.SaveIfDue(() => trainer.Save(state!, new TrainingPosition(measured.Step, log.Flush())));
            progress?.Report(new Progress($"steps, loss {measured.Loss:F3}, entropy {measured.Entropy:F3}, top-{measured.TopK}", measured.Step, options.Steps));
        }

        log.Flush();
        var tuned = Path.Combine(outputFolder, "checkpoint");
        if (save is null || !Directory.Exists(tuned))
        {
            TunedCheckpoint.Save(checkpoint, model, tuned, save?.Digests);
        }

        return TrainOutcome.Of(outputFolder, checkpoint.Config, options);
    }
}
