using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>One expert: down(silu(gate x) * up x) (Shazeer, arXiv 2002.05202).</summary>
/// <param name="gate">[F, D]</param>
/// <param name="up">[F, D]</param>
/// <param name="down">[D, F]</param>
public sealed class SwiGlu(Tensor gate, Tensor up, Tensor down)
{
    /// <summary>[T, D] to [T, D].</summary>
    public Tensor Forward(Tensor x_TD) => linear(silu(linear(x_TD, gate)) * linear(x_TD, up), down);
}
