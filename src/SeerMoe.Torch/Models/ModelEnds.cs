using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>Embedding, last norm and head.</summary>
/// <param name="embedding">[V, D]</param>
/// <param name="norm">Before the head.</param>
/// <param name="head">[V, D]; the embedding itself when tied.</param>
public sealed class ModelEnds(Tensor embedding, RmsNorm norm, Tensor head)
{
    /// <summary>[B, S] ids to [B, S, D].</summary>
    public Tensor Embed(Tensor ids_BS) => embedding.index_select(0, ids_BS.flatten()).view(ids_BS.shape[0], ids_BS.shape[1], -1);

    /// <summary>[..., D] after the last layer to the input of the head.</summary>
    public Tensor Normalise(Tensor x) => norm.Forward(x);

    /// <summary>[..., D] to float32 logits [..., V].</summary>
    public Tensor Logits(Tensor x) => linear(x, head).to_type(ScalarType.Float32);
}
