using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Looks tokens up.</summary>
/// <param name="weight">[V, D]</param>
/// <param name="multiplier">What rows are multiplied with (Granite); 1 for nearly all families.</param>
public sealed class Embedding(Tensor weight, double multiplier = 1)
{
    /// <summary>[B, S] ids to [B, S, D].</summary>
    public Tensor Forward(Tensor ids_BS)
    {
        var x_BSD = weight.index_select(0, ids_BS.flatten()).view(ids_BS.shape[0], ids_BS.shape[1], -1);
        return multiplier == 1 ? x_BSD : x_BSD * multiplier;
    }
}
