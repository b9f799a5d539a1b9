using SeerMoe.Saving;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;

namespace SeerMoe.Torch.Training;

/// <summary>The steps of a training, from where an earlier process had come to.</summary>
internal sealed class TrainingRun(
    MoeTransformer model, Trainer trainer, SequencePicker picker, TrainOptions options, string folder, IProgress<Progress>? progress, SavePoint? save)
{
    private const int Remembered = 20;

    /// <param name="watching">Makes the watch over held-out data of its log; gives null for none.</param>
    /// <returns>Which checkpoint is the better; null without held-out data.</returns>
    /// <exception cref="DivergedException">A step that was not made.</exception>
    public Acceptance? Train(Func<Func<HeldOutLog>, HeldOutWatch?> watching)
    {
        var own = model.Routing;
        var state = save?.PathOf("training.safetensors");
        var start = File.Exists(state) ? trainer.Restore(state) : default;
        var heldOut = watching(() => new HeldOutLog(folder, start.Steps));
        using var log = TrainingLog.Open(folder, start.LogBytes);
        trainer.Remember(TrainingLog.Read(folder).TakeLast(Remembered).Select(step => step.Loss));
        heldOut?.Begin(own);
        var told = LayerProgress.Of(progress, model);
        var (done, tokens) = (start.Steps, 0L);
        while (done < options.Steps && heldOut?.IsOver != true)
        {
            var measured = Step(done++);
            log.Add(measured);
            heldOut?.Look(done, model.Routing);
            save?.SaveIfDue(() => trainer.Save(state!, new TrainingPosition(done, log.Flush())));
            told?.Report(new Progress("steps", done, options.Steps) { Detail = Text(measured), Tokens = tokens += measured.Tokens });
        }

        log.Flush();
        return heldOut?.End(done);
    }

    private TrainingStep Step(int step)
    {
        var passes = picker.Passes(step).Select(sequences => TokenBatch.Of(sequences, model.Device)).ToList();
        try
        {
            return trainer.Step(passes, step);
        }
        finally
        {
            passes.ForEach(pass => pass.Dispose());
        }
    }

    private static string Text(TrainingStep step) =>
        $"loss {step.Loss:F3}, entropy {step.Entropy:F3}, top-{step.TopK}{(step.Fade is { } fade ? $" (the last faded to {1 - fade:P0})" : "")}";
}
