using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Training;

/// <summary>The optimizer divides while it updates; here its formula is computed step by step.</summary>
public sealed class WhenGradientsAreClipped : IDisposable
{
    // So small that AdamW's epsilon, 1e-8, counts: without it an update would be the same whatever gradients are divided by.
    private const double Clip = 1e-7;
    private const double LearningRate = 0.1;

    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;

    public WhenGradientsAreClipped() => _checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));

    public void Dispose()
    {
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public void An_update_is_that_of_gradients_of_the_largest_norm(string type)
    {
        var compute = Oracle.Float32 with { Type = ComputeType.Parse(type) };
        var free = Step(compute, clip: 0);
        var clipped = Step(compute, Clip);

        Assert.True(clipped.Norm > 1e-3);
        Assert.Equal(free.Norm, clipped.Norm);
        foreach (var (name, g) in free.Gradients)
        {
            var expected = g * (Clip / free.Norm);
            var update = LearningRate * expected / (expected.abs() + 1e-8);
            Assert.InRange(Close.Difference(expected / Clip, clipped.Gradients[name] / Clip), 0, 1e-5);
            Assert.InRange(Close.Difference(update, clipped.Before[name] - clipped.After[name]), 0, 1e-5);
        }
    }

    [Fact]
    public void A_smaller_norm_changes_nothing()
    {
        var free = Step(Oracle.Float32, clip: 0);
        var clipped = Step(Oracle.Float32, clip: 1e9);

        Assert.All(free.Gradients, gradient => Assert.Equal(0, Close.Difference(gradient.Value, clipped.Gradients[gradient.Key])));
        Assert.All(free.After, parameter => Assert.Equal(0, Close.Difference(parameter.Value, clipped.After[parameter.Key])));
    }

    private (double Norm, Dictionary<string, Tensor> Gradients, Dictionary<string, Tensor> Before, Dictionary<string, Tensor> After) Step(Compute compute, double clip)
    {
        var options = new TrainOptions { GradientClip = clip, LearningRate = LearningRate, WeightDecay = 0 };
        using var model = MoeTransformer.Load(_checkpoint, compute);
        using var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(_checkpoint.Config), options);
        using var trainer = new Trainer(model, trained, options);
        using var batch = TokenBatch.Of([new TokenSequence([1, 2, 3, 4, 5, 6, 7]), new TokenSequence([8, 9, 10])], CPU);
        var before = Values(trained);
        var step = trainer.Step(batch, 0);
        return (step.GradientNorm, Gradients.Of(trained), before, Values(trained));
    }

    private static Dictionary<string, Tensor> Values(TrainableSet trained) =>
        trained.Parameters.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.detach().clone());
}
