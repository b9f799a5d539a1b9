using SeerMoe.Architectures;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Training;

public sealed class WhenAStepIsMadeOfSeveralPasses : IDisposable
{
    private static readonly TrainOptions Options = new() { EntropyWeight = 0.1, GradientClip = 0 };

    private static readonly TokenSequence[] Sequences = [new([1, 2, 3, 4, 5, 6, 7]), new([8, 9, 10]), new([11, 12, 13, 14, 15]) { Learned = [false, false, false, true, true] }, new([16, 17, 18, 19])];

    private readonly PicoTraining _training = new();

    public void Dispose() => _training.Dispose();

    [Fact]
    public void Loss_and_gradients_are_those_of_one_large_batch()
    {
        var whole = _training.Step(Options, Oracle.Float32, Sequences);
        var parts = _training.Step(Options, Oracle.Float32, Sequences[..1], Sequences[1..3], Sequences[3..]);

        Assert.Equal(whole.Step.Loss, parts.Step.Loss, 1e-6);
        Assert.Equal(whole.Step.Entropy, parts.Step.Entropy, 1e-6);
        Assert.Equal(whole.Step.GradientNorm, parts.Step.GradientNorm, 1e-5);
        Assert.Equal(whole.Step.Tokens, parts.Step.Tokens);
        Assert.InRange(whole.Gradients.Keys.Max(name => Close.Difference(whole.Gradients[name], parts.Gradients[name])), 0, 1e-6);
    }

    [Fact]
    public void In_bfloat16_gradients_are_added_up_in_float32_and_near_those_of_float32()
    {
        var wide = _training.Step(Options, Oracle.Float32, Sequences);
        var narrow = _training.Step(Options, Oracle.Float32 with { Type = ComputeType.BFloat16 }, Sequences[..2], Sequences[2..]);

        Assert.Equal(wide.Step.Loss, narrow.Step.Loss, 0.1);
        Assert.All(narrow.Gradients.Values, gradient => Assert.Equal(ScalarType.Float32, gradient.dtype));
        Assert.InRange(narrow.Step.GradientNorm / wide.Step.GradientNorm, 0.9, 1.1);
    }

    [Fact]
    public void In_bfloat16_an_update_smaller_than_its_rounding_is_not_lost()
    {
        using var model = MoeTransformer.Load(_training.Checkpoint, Oracle.Float32 with { Type = ComputeType.BFloat16 });
        using var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(_training.Checkpoint.Config), Tune.Routers);
        using var trainer = new Trainer(model, trained, Options with { LearningRate = 1e-5, WeightDecay = 0 });
        using var batch = TokenBatch.Of(Sequences, CPU);
        using var before = trained.Parameters[0].Value.detach().clone();
        for (var step = 0; step < 10; step++)
        {
            trainer.Step(batch, step);
        }

        // About ten times the learning rate, where bfloat16 near 0.2 has steps of 1e-3.
        Assert.InRange(Close.Difference(before, trained.Parameters[0].Value), 3e-5, 2e-4);
    }

    [Fact]
    public void Norms_and_biases_may_be_left_out_of_the_decay()
    {
        // Without a gradient to speak of, only the decay moves a parameter.
        var options = Options with { WeightDecay = 0.5, WeightDecayOn = Decayed.Matrices, LearningRate = 1e-12 };
        using var model = MoeTransformer.Load(_training.Checkpoint, Oracle.Float32);
        using var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(_training.Checkpoint.Config), Tune.All);
        using var large = new Trainer(model, trained, options with { LearningRate = 0.1 });
        using var batch = TokenBatch.Of(Sequences, CPU);
        using var norm = model.Weights.Single(weight => weight.Key == "model.norm.weight").Value.detach().clone();
        using var router = model.Weights.First(weight => weight.Key.EndsWith("gate.weight", StringComparison.Ordinal)).Value.detach().clone();
        large.Step(batch, 0);

        // The first step of AdamW moves every entry by the learning rate; decay comes on top, 0.05 of the value.
        var moved = (model.Weights.Single(weight => weight.Key == "model.norm.weight").Value - norm).abs().max().item<float>();
        Assert.Equal(0.1, moved, 1e-3);
        Assert.True((model.Weights.First(weight => weight.Key.EndsWith("gate.weight", StringComparison.Ordinal)).Value - router).abs().max().item<float>() > 0.11);
    }
}
