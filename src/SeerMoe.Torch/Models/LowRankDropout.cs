using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Dropout without a state: what is dropped follows from seed, step, pass, weight and expert. So a layer that is computed a second time
/// drops the same elements, and so does a training that was stopped and goes on.
/// </summary>
/// <param name="probability">Of an element to be zero.</param>
/// <param name="seed">Of the run.</param>
public sealed class LowRankDropout(double probability, long seed)
{
    private (int Step, int Pass)? _now;

    /// <summary>Drops from here on; <paramref name="pass"/> counts within the step.</summary>
    public void Begin(int step, int pass) => _now = (step, pass);

    /// <summary>Lets everything through: a model that is evaluated.</summary>
    public void End() => _now = null;

    /// <summary>x with some elements zero and the others larger, so that the mean stays.</summary>
    public Tensor Of(Tensor x, int place, int expert)
    {
        if (probability == 0 || _now is not { } now)
        {
            return x;
        }

        using var generator = new Generator(new SplitMix64(seed, now.Step, now.Pass, place, expert).Next(), x.device);
        return x * (rand(x.shape, ScalarType.Float32, x.device, generator: generator) >= probability) / (1 - probability);
    }
}
