using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Tests.Parity;

namespace SeerMoe.Torch.Tests.Training;

/// <summary>The optimizer divides while it updates; here its formula is computed step by step.</summary>
public sealed class WhenGradientsAreClipped : IDisposable
{
    // So small that AdamW's epsilon, 1e-8, counts: without it an update would be the same whatever gradients are divided by.
    private const double Clip = 1e-7;
    private const double LearningRate = 0.1;

    private static readonly TokenSequence[] Sequences = [new([1, 2, 3, 4, 5, 6, 7]), new([8, 9, 10])];

    private readonly PicoTraining _training = new();

    public void Dispose() => _training.Dispose();

    [Theory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public void An_update_is_that_of_gradients_of_the_largest_norm(string type)
    {
        var compute = Oracle.Float32 with { Type = ComputeType.Parse(type) };
        var free = Step(compute, clip: 0);
        var clipped = Step(compute, Clip);

        Assert.True(clipped.Step.GradientNorm > 1e-3);
        Assert.Equal(free.Step.GradientNorm, clipped.Step.GradientNorm);
        foreach (var (name, g) in free.Gradients)
        {
            var expected = g * (Clip / free.Step.GradientNorm);
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

    private PicoTraining.Outcome Step(Compute compute, double clip) =>
        _training.Step(new() { GradientClip = clip, LearningRate = LearningRate, WeightDecay = 0 }, compute, Sequences);
}
