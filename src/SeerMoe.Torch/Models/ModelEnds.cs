using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Embedding, last norm and head.</summary>
/// <param name="embedding">Before the first layer.</param>
/// <param name="norm">Before the head.</param>
/// <param name="head">[..., D] to [..., V]; the embedding itself when tied.</param>
public sealed class ModelEnds(Embedding embedding, INorm norm, IProjection head)
{
    /// <summary>[B, S] ids to [B, S, D].</summary>
    public Tensor Embed(Tensor ids_BS) => embedding.Forward(ids_BS);

    /// <summary>[..., D] after the last layer to the input of the head.</summary>
    public Tensor Normalise(Tensor x) => norm.Forward(x);

    /// <summary>[..., D] to float32 logits [..., V].</summary>
    public Tensor Logits(Tensor x) => head.Forward(x).to_type(ScalarType.Float32);
}
