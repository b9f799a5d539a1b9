using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>SwiGLU experts of a layer in two tensors, gate rows before up rows (Granite).</summary>
/// <param name="gateUp">[E, 2F, D]</param>
/// <param name="down">[E, D, F]</param>
public sealed class FusedSwiGlu(Tensor gateUp, Tensor down) : IExperts
{
    public int Count => (int)gateUp.shape[0];

    // Slices are taken anew in each pass: those made before a training starts would carry no gradient.
    public Tensor Forward(int expert, Tensor x_TD)
    {
        var both = gateUp.Adapt(linear(x_TD, gateUp.select(0, expert)), x_TD, expert).chunk(2, -1);
        var inner = silu(both[0]) * both[1];
        return down.Adapt(linear(inner, down.select(0, expert)), inner, expert);
    }
}
