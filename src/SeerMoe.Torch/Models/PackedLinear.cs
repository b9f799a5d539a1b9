using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>W x + b by a packed W, where nobody trains.</summary>
/// <param name="weight">[out, in]</param>
/// <param name="bias">[out], or null for none.</param>
internal sealed class PackedLinear(PackedMatrix weight, Tensor? bias) : IProjection
{
    public Tensor Forward(Tensor x) => weight.Of(x, bias);

    /// <summary>silu(W x + b).</summary>
    public Tensor Silu(Tensor x) => weight.Silu(x, bias);

    /// <summary>(W x + b) * factor.</summary>
    public Tensor Times(Tensor x, Tensor factor) => weight.Times(x, factor, bias);
}

/// <summary>The same as <see cref="SwiGlu"/> in three calls: silu and the product of gate and up are part of the first two.</summary>
/// <param name="gate">D to F</param>
/// <param name="up">D to F</param>
/// <param name="down">F to D</param>
internal sealed class PackedSwiGlu(PackedLinear gate, PackedLinear up, PackedLinear down) : IProjection
{
    public Tensor Forward(Tensor x) => down.Forward(up.Times(x, gate.Silu(x)));
}
