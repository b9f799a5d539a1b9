using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>down(silu(gate x) * up x) (Shazeer, arXiv 2002.05202): an expert, or a dense layer.</summary>
/// <param name="gate">D to F</param>
/// <param name="up">D to F</param>
/// <param name="down">F to D</param>
public sealed class SwiGlu(IProjection gate, IProjection up, IProjection down) : IProjection
{
    public Tensor Forward(Tensor x) => down.Forward(SiluProduct.Of(gate.Forward(x), up.Forward(x)));
}

/// <summary>A network times sigmoid(gate x): the shared expert of Qwen2-MoE.</summary>
/// <param name="inner">D to D</param>
/// <param name="gate">D to 1</param>
public sealed class GatedProjection(IProjection inner, IProjection gate) : IProjection
{
    public Tensor Forward(Tensor x) => gate.Forward(x).sigmoid() * inner.Forward(x);
}
