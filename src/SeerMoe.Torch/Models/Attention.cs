using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Causal attention with grouped key/value heads (Ainslie et al., arXiv 2305.13245) and rotary positions.</summary>
/// <param name="query">D to H d</param>
/// <param name="key">D to H_kv d</param>
/// <param name="value">D to H_kv d</param>
/// <param name="output">H d to D</param>
/// <param name="headDim">d; the heads follow from it.</param>
/// <param name="rotary">Positions.</param>
/// <param name="mix">Scores and mixes.</param>
public sealed class Attention(
    IProjection query, IProjection key, IProjection value, IProjection output, int headDim, Rotary rotary, IAttentionMix mix) : IAttention
{
    public Tensor Forward(Tensor x_BSD, TokenBatch batch, KeyValues? prefix = null)
    {
        var (cos, sin) = rotary.Angles(batch);
        var q = rotary.Turn(Heads(query.Forward(x_BSD)), cos, sin);
        var k = rotary.Turn(Heads(key.Forward(x_BSD)), cos, sin);
        var v = Heads(value.Forward(x_BSD));
        (k, v) = prefix?.Extend(k, v) ?? (k, v);
        var mixed = mix.Mix(q, k, v, batch);
        return output.Forward(mixed.transpose(1, 2).flatten(2));

        Tensor Heads(Tensor y) => y.Split(headDim).transpose(1, 2);
    }
}
