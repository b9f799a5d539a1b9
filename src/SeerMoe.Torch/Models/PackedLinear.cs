using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>W x + b by a packed W, where nobody trains.</summary>
/// <param name="weight">[out, in]</param>
/// <param name="bias">[out], or null for none.</param>
internal sealed class PackedLinear(PackedMatrix weight, Tensor? bias) : IProjection
{
    public bool WantsFewShapes => weight.WantsFewShapes;

    private PackedMatrix Weight => weight;

    private Tensor? Bias => bias;

    public Tensor Forward(Tensor x) => weight.Of(x, bias);

    public void Into(Tensor x, Tensor y) => weight.Into(x, bias, y);

    /// <summary>silu(W x + b) * up x.</summary>
    public Tensor SwiGlu(Tensor x, PackedLinear up) => weight.SwiGlu(x, bias, up.Weight, up.Bias);
}

/// <summary>The same as <see cref="SwiGlu"/> with silu and the product of gate and up as a part of their products.</summary>
/// <param name="gate">D to F</param>
/// <param name="up">D to F</param>
/// <param name="down">F to D</param>
internal sealed class PackedSwiGlu(PackedLinear gate, PackedLinear up, PackedLinear down) : IProjection
{
    public bool WantsFewShapes => gate.WantsFewShapes || up.WantsFewShapes || down.WantsFewShapes;

    public Tensor Forward(Tensor x) => down.Forward(gate.SwiGlu(x, up));

    public void Into(Tensor x, Tensor y) => down.Into(gate.SwiGlu(x, up), y);
}
