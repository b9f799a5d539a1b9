using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Saving;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Training;

/// <summary>Stage 2: fine-tunes a checkpoint, writes training.jsonl and the tuned checkpoint.</summary>
public static class Regularizing
{
    /// <summary>What is left of a training that diverged.</summary>
    public const string LastGoodName = "last-good";

    /// <param name="save">Given by a run: the state is kept from time to time, and what is there is gone on from; null for none.</param>
    /// <param name="outputFolder">
    /// An existing folder; gets `training.jsonl` and `checkpoint/`, `held-out.jsonl` and `acceptance.json` with held-out data, `rejected/` where the
    /// tuned checkpoint was no better, `adapter/` where one is asked for, and `last-good/` instead of all those after a training that diverged.
    /// </param>
    /// <exception cref="InputException">Bad data or options, or a training that diverged.</exception>
    public static TrainOutcome Regularize(
        Checkpoint checkpoint,
        TextSource data,
        TrainOptions options,
        Compute compute,
        string outputFolder,
        IProgress<Progress>? progress = null,
        SavePoint? save = null,
        TrainExtras? extras = null)
    {
        var architecture = ArchitectureCatalog.For(checkpoint.Config);
        TrainChecks.Refuse(options, architecture.Shape(checkpoint.Config), compute);
        TrainChecks.RefuseQuantised(options.Tune, checkpoint);
        TrainChecks.RefuseExtras(options, extras, checkpoint);
        options = FamilyBalance.Resolved(options, checkpoint.Config);
        using var model = MoeTransformer.Load(checkpoint, compute);
        using var teacher = options.Objective == Objective.Distill ? MoeTransformer.Load(extras!.Teacher!, compute) : null;
        var sequences = Sequences(data);
        using var trained = TrainableSet.Choose(model, architecture, options);
        using var trainer = new Trainer(model, trained, options, teacher is null ? new NextTokenLoss() : new Distillation(teacher));
        if (options.Lora?.Save == LoraSave.Adapter)
        {
            PeftAdapter.RefuseFused(trained);
        }

        var best = save?.PathOf("best.safetensors") ?? Path.Combine(outputFolder, ".best.safetensors");
        var run = new TrainingRun(model, trainer, new SequencePicker(sequences, options), options, outputFolder, progress, save);
        Acceptance? acceptance = null;
        try
        {
            acceptance = run.Train(log => extras?.HeldOut is { } heldOut
                ? new HeldOutWatch(new HeldOutLoss(model, Sequences(heldOut), options.Batch), log(), trained, options, best)
                : null);
        }
        catch (DivergedException diverged)
        {
            throw FallBack(diverged);
        }

        Write();
        return TrainOutcome.Of(outputFolder, HfConfig.Read(Path.Combine(outputFolder, "checkpoint", "config.json")), options);

        IReadOnlyList<TokenSequence> Sequences(TextSource source) => TrainingText.Read(
            source, () => ModelTokenizer.Open(checkpoint, model.Family.VocabularySize), model.Family.VocabularySize, options.Window, options.Packing);

        string Card(string folder) => TunedCard.Text(checkpoint, folder, options, [.. TrainingLog.Read(outputFolder)]);

        string At(string name) => Path.Combine(outputFolder, name);

        void Write()
        {
            if (save is null)
            {
                File.Delete(best);
            }

            Once(acceptance?.IsRejected() == true ? "rejected" : "checkpoint", folder => TunedCheckpoint.Save(checkpoint, model, trained, folder, save?.Digests, Card));
            if (options is { Tune: Tune.Lora, Lora.Save: LoraSave.Adapter })
            {
                Once("adapter", folder => PeftAdapter.Save(trained, options.Lora, folder));
            }

            if (acceptance is not null)
            {
                SeerJson.Write(At(Acceptance.Name), acceptance);
            }

            Once("checkpoint", folder => Acceptance.Copy(checkpoint, folder));
        }

        // A run that was stopped while it wrote finds some of it there, whole.
        void Once(string name, Action<string> write)
        {
            if (!Directory.Exists(At(name)))
            {
                write(At(name));
            }
        }

        InputException FallBack(DivergedException diverged)
        {
            var steps = diverged.State == ParameterState.Good ? diverged.Step - 1 : trainer.Good.Steps;
            var lower = "Lower the learning rate, clip the gradient, or warm up longer.";
            if (steps is null)
            {
                return new InputException(diverged.Message, $"step {diverged.Step}", lower, diverged);
            }

            if (diverged.State == ParameterState.Bad)
            {
                trainer.Good.Restore();
            }

            model.Routing = trainer.RuleOf(Math.Max(0, steps.Value - 1)) with { Fade = 0 };
            var folder = At(LastGoodName);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            TunedCheckpoint.Save(checkpoint, model, trained, folder, card: Card);
            return new InputException(diverged.Message, $"step {diverged.Step}", $"{lower} What {steps} steps had made is in {LastGoodName}/ of the output.", diverged);
        }
    }
}
