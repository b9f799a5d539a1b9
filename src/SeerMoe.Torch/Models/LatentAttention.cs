using SeerMoe.Architectures;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, eq. 9 to 19): keys and values of all heads come out of one small
/// latent vector; positions stand on a few elements of their own, which all heads' keys share.
/// <code>
/// query of a head      [plain | rotary]
/// key of a head        [plain | rotary, the same for all heads]
/// </code>
/// </summary>
/// <param name="query">D to H (plain + rotary)</param>
/// <param name="down">D to latent + rotary</param>
/// <param name="norm">Of the latent vector.</param>
/// <param name="up">Latent to H (plain + value)</param>
/// <param name="output">H value to D</param>
/// <param name="size">The dimensions.</param>
/// <param name="rotary">Positions.</param>
/// <param name="mix">Scores and mixes.</param>
public sealed class LatentAttention(
    IProjection query, IProjection down, INorm norm, IProjection up, IProjection output, LatentAttentionSize size, Rotary rotary, IAttentionMix mix)
    : IAttention
{
    public Tensor Forward(Tensor x_BSD, TokenBatch batch, KeyValues? prefix = null)
    {
        var (cos, sin) = rotary.Angles(batch);
        var q = Heads(query.Forward(x_BSD), size.HeadDim);
        var compressed = down.Forward(x_BSD);
        var keyValue = Heads(up.Forward(norm.Forward(compressed.narrow(-1, 0, size.KeyValueRank))), size.PlainDim + size.ValueDim);
        var sharedKey = rotary.Turn(compressed.narrow(-1, size.KeyValueRank, size.RotaryDim).unsqueeze(1), cos, sin);

        var turned = rotary.Turn(q.narrow(-1, size.PlainDim, size.RotaryDim), cos, sin);
        var queries = cat([q.narrow(-1, 0, size.PlainDim), turned], -1);
        var keys = cat([keyValue.narrow(-1, 0, size.PlainDim), sharedKey.expand(-1, size.Heads, -1, -1)], -1);
        var values = keyValue.narrow(-1, size.PlainDim, size.ValueDim);
        (keys, values) = prefix?.Extend(keys, values) ?? (keys, values);
        var mixed = mix.Mix(queries, keys, values, batch);
        return output.Forward(mixed.transpose(1, 2).flatten(2));

        Tensor Heads(Tensor y, int headDim) => y.Split(headDim).transpose(1, 2);
    }
}
