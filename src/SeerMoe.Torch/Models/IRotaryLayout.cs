using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Which two dimensions turn together.</summary>
public interface IRotaryLayout
{
    /// <summary>Turns [..., S, r] by the angles of each position.</summary>
    /// <param name="x">Queries or keys.</param>
    /// <param name="cos">[S, r / 2]</param>
    /// <param name="sin">[S, r / 2]</param>
    Tensor Turn(Tensor x, Tensor cos, Tensor sin);
}

/// <summary>Dimension i turns with i + r/2: most Hugging Face checkpoints.</summary>
public sealed class HalfLayout : IRotaryLayout
{
    public Tensor Turn(Tensor x, Tensor cos, Tensor sin)
    {
        var half = x.shape[^1] / 2;
        var (a, b) = (x.narrow(-1, 0, half), x.narrow(-1, half, half));
        return cat([(a * cos) - (b * sin), (b * cos) + (a * sin)], -1);
    }
}

/// <summary>Dimension 2i turns with 2i + 1: DeepSeek, ERNIE.</summary>
public sealed class PairLayout : IRotaryLayout
{
    public Tensor Turn(Tensor x, Tensor cos, Tensor sin)
    {
        var pairs = x.Split(2);
        var (a, b) = (pairs.select(-1, 0), pairs.select(-1, 1));
        return stack([(a * cos) - (b * sin), (b * cos) + (a * sin)], -1).flatten(-2);
    }
}
