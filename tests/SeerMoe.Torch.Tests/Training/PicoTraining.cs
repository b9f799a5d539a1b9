using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Training;

/// <summary>Single steps from the same tiny checkpoint.</summary>
internal sealed class PicoTraining : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PicoTraining() => Checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));

    public Checkpoint Checkpoint { get; }

    /// <summary>One step of a model that is loaded for it, in as many passes as are given.</summary>
    public Outcome Step(TrainOptions options, Compute compute, params TokenSequence[][] passes)
    {
        using var model = MoeTransformer.Load(Checkpoint, compute);
        using var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(Checkpoint.Config), options);
        using var trainer = new Trainer(model, trained, options);
        var before = Values(trained);
        var batches = passes.Select(pass => TokenBatch.Of(pass, CPU)).ToList();
        var step = trainer.Step(batches, 0);
        batches.ForEach(batch => batch.Dispose());
        return new(step, Gradients.Of(trained), before, Values(trained));
    }

    public void Dispose()
    {
        Checkpoint.Dispose();
        _folder.Dispose();
    }

    private static Dictionary<string, Tensor> Values(TrainableSet trained) =>
        trained.Parameters.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.detach().clone());

    /// <param name="Step">What was measured.</param>
    /// <param name="Gradients">By parameter, of those that have one.</param>
    /// <param name="Before">Parameters before the update.</param>
    /// <param name="After">And after it.</param>
    public sealed record Outcome(TrainingStep Step, Dictionary<string, Tensor> Gradients, Dictionary<string, Tensor> Before, Dictionary<string, Tensor> After);
}
