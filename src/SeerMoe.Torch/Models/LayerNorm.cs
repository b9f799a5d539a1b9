using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>w * (x - mean) / deviation + b (Ba et al., arXiv 1607.06450).</summary>
/// <param name="weight">[D]</param>
/// <param name="bias">[D]</param>
/// <param name="epsilon">Added to the variance.</param>
public sealed class LayerNorm(Tensor weight, Tensor bias, double epsilon) : INorm
{
    public Tensor Forward(Tensor x) => nn.functional.layer_norm(x, [x.shape[^1]], weight, bias, epsilon);
}
