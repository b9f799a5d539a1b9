using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Causal attention with grouped key/value heads (Ainslie et al., arXiv 2305.13245), rotary positions and an
/// optional sliding window. Weights are [out, in].
/// </summary>
/// <param name="qProj">[H d, D]</param>
/// <param name="kProj">[H_kv d, D]</param>
/// <param name="vProj">[H_kv d, D]</param>
/// <param name="oProj">[D, H d]</param>
/// <param name="heads">H, query heads.</param>
/// <param name="keyValueHeads">H_kv; each serves H / H_kv query heads.</param>
/// <param name="headDim">d</param>
/// <param name="rotary">Positions.</param>
/// <param name="slidingWindow">Tokens a query sees, itself included; null for all.</param>
public sealed class Attention(
    Tensor qProj, Tensor kProj, Tensor vProj, Tensor oProj, int heads, int keyValueHeads, int headDim, Rotary rotary, int? slidingWindow)
{
    /// <summary>[B, S, D] to [B, S, D].</summary>
    public Tensor Forward(Tensor x_BSD, TokenBatch batch)
    {
        var (b, s) = (batch.Sequences, batch.Length);
        var (cos, sin) = rotary.Angles(s, x_BSD.device);
        var q = Rotary.Turn(Heads(linear(x_BSD, qProj), heads), cos, sin);
        var k = Rotary.Turn(Heads(linear(x_BSD, kProj), keyValueHeads), cos, sin);
        var v = Heads(linear(x_BSD, vProj), keyValueHeads);

        // The binding has no flag for grouped heads: each key/value head is repeated for its queries.
        var group = heads / keyValueHeads;
        k = k.repeat_interleave(group, 1);
        v = v.repeat_interleave(group, 1);
        var mask = batch.AttentionMask(slidingWindow);
        var mixed = scaled_dot_product_attention(q, k, v, attn_mask: mask, is_casual: mask is null);
        return linear(mixed.transpose(1, 2).reshape(b, s, heads * headDim), oProj);

        Tensor Heads(Tensor y, int count) => y.view(b, s, count, headDim).transpose(1, 2);
    }
}
