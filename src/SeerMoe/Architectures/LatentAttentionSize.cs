using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): keys and values come out of one small latent vector a token.</summary>
/// <param name="Hidden">D</param>
/// <param name="Heads">H</param>
/// <param name="QueryRank">Latent elements of the queries; null where they are projected at once.</param>
/// <param name="KeyValueRank">Latent elements of keys and values.</param>
/// <param name="PlainDim">Elements of a query or key, a head, that carry no position.</param>
/// <param name="RotaryDim">Elements that do; of the keys, all heads share them.</param>
/// <param name="ValueDim">Elements of a value, a head.</param>
public sealed record LatentAttentionSize(int Hidden, int Heads, int? QueryRank, int KeyValueRank, int PlainDim, int RotaryDim, int ValueDim)
{
    /// <summary>Elements of a query or key, a head.</summary>
    public int HeadDim => PlainDim + RotaryDim;

    public static LatentAttentionSize Of(HfConfig config) => new(
        config.Positive("hidden_size"),
        config.Positive("num_attention_heads"),
        config.PositiveOrNull("q_lora_rank"),
        config.Positive("kv_lora_rank"),
        config.Positive("qk_nope_head_dim"),
        config.Positive("qk_rope_head_dim"),
        config.Positive("v_head_dim"));

    public AttentionCost Cost() => new(Heads, HeadDim, ValueDim, Window: null);

    /// <summary>`self_attn` of a layer; a bias stands on the projections from and to the hidden states, not on those out of a latent.</summary>
    internal IEnumerable<TensorShape> Tensors(string layer, bool bias)
    {
        var at = $"{layer}.self_attn";
        return
        [
            .. QueryRank is { } rank
                ?
                [
                    .. Layout.Linear($"{at}.q_a_proj", rank, Hidden, bias),
                    new($"{at}.q_a_layernorm.weight", [rank]),
                    new($"{at}.q_b_proj.weight", [(long)Heads * HeadDim, rank]),
                ]
                : (IEnumerable<TensorShape>)[new($"{at}.q_proj.weight", [(long)Heads * HeadDim, Hidden])],
            .. Layout.Linear($"{at}.kv_a_proj_with_mqa", KeyValueRank + RotaryDim, Hidden, bias),
            new($"{at}.kv_a_layernorm.weight", [KeyValueRank]),
            new($"{at}.kv_b_proj.weight", [(long)Heads * (PlainDim + ValueDim), KeyValueRank]),
            .. Layout.Linear($"{at}.o_proj", Hidden, (long)Heads * ValueDim, bias),
        ];
    }
}
