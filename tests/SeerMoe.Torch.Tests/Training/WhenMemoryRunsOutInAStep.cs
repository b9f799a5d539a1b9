using System.Runtime.InteropServices;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;

namespace SeerMoe.Torch.Tests.Training;

/// <summary>The step is made of more passes, with the loss and the gradients of the whole batch.</summary>
public sealed class WhenMemoryRunsOutInAStep : IDisposable
{
    // The last two have no prediction that is learned from: half of the batch is nothing but prompts.
    private static readonly TokenSequence[] Sequences =
    [
        new([1, 2, 3, 4, 5, 6, 7]),
        new([8, 9, 10]),
        new([11, 12, 13, 14, 15]) { Learned = [false, false, false, false, false] },
        new([16, 17, 18, 19]) { Learned = [false, false, false, false] },
    ];

    private readonly PicoTraining _training = new();

    public void Dispose() => _training.Dispose();

    [Theory]
    [InlineData(Activations.Kept, "float32", 2)]
    [InlineData(Activations.Kept, "float32", 1)]
    [InlineData(Activations.Recomputed, "float32", 2)]
    [InlineData(Activations.Recomputed, "bfloat16", 2)]
    [InlineData(Activations.Kept, "bfloat16", 1)]
    public void Loss_and_gradients_stay_those_of_the_batch(Activations activations, string type, int fits)
    {
        var compute = Oracle.Float32 with { Type = ComputeType.Parse(type) };
        var options = new TrainOptions { EntropyWeight = 0.1, GradientClip = 0, Activations = activations };
        var failures = 0;

        var whole = _training.Step(options, compute, Sequences);
        var scarce = compute with
        {
            Trial = part =>
            {
                // Too large; or the second half of a batch, when the first has left its gradients.
                if (part.Sequences > fits || (failures == 1 && fits == 2 && part.Ids[0, 0].item<long>() == 11))
                {
                    failures++;
                    throw new ExternalException("CUDA out of memory. Tried to allocate 2.00 GiB.");
                }
            },
        };
        var halved = _training.Step(options, scarce, Sequences);

        var tolerance = type == "float32" ? 1e-5 : 2e-2;
        Assert.Equal(2, failures);
        Assert.Equal(whole.Step.Loss, halved.Step.Loss, tolerance);
        Assert.Equal(whole.Step.Entropy, halved.Step.Entropy, tolerance);
        Assert.Equal(whole.Step.Tokens, halved.Step.Tokens);
        Assert.Equal(whole.Gradients.Keys.Order(), halved.Gradients.Keys.Order());
        Assert.InRange(whole.Gradients.Keys.Max(name => Close.Difference(whole.Gradients[name], halved.Gradients[name])), 0, tolerance);
    }
}
