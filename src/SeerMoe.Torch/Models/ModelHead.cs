using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>What stands after the last layer.</summary>
/// <param name="norm">Before the projection.</param>
/// <param name="projection">[..., D] to [..., V]; the embedding itself when tied.</param>
public sealed class ModelHead(INorm norm, IProjection projection)
{
    /// <summary>[..., D] after the last layer to the input of the projection.</summary>
    public Tensor Normalise(Tensor x) => norm.Forward(x);

    /// <summary>[..., D] to logits [..., V] in the type that is computed in.</summary>
    public Tensor Logits(Tensor x) => projection.Forward(x);
}
