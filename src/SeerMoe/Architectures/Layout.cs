using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>Which of the attention projections carry a bias.</summary>
internal enum AttentionBias
{
    None,
    QueryKeyValue,
    All,
}

/// <summary>Runs of tensors that families share, by the names that most of them use. Linear weights are [out, in].</summary>
internal static class Layout
{
    /// <summary>Embedding, layers, last norm, and a head unless it is tied to the embedding.</summary>
    /// <param name="layers">Decoder layers.</param>
    /// <param name="layer">Tensors of a layer, by index and name prefix (`model.layers.3`).</param>
    /// <param name="tied">Whether the head is the embedding where the config does not say.</param>
    public static IEnumerable<TensorShape> Model(HfConfig config, int layers, Func<int, string, IEnumerable<TensorShape>> layer, bool tied = false)
    {
        long hidden = config.Positive("hidden_size");
        long vocabulary = config.Positive("vocab_size");
        return
        [
            new("model.embed_tokens.weight", [vocabulary, hidden]),
            .. Enumerable.Range(0, layers).SelectMany(i => layer(i, $"model.layers.{i}")),
            new("model.norm.weight", [hidden]),
            .. config.Flag("tie_word_embeddings", tied) ? Array.Empty<TensorShape>() : [new("lm_head.weight", [vocabulary, hidden])],
        ];
    }

    /// <summary>The two norms of a pre-norm layer.</summary>
    public static IEnumerable<TensorShape> Norms(string layer, long hidden) =>
    [
        new($"{layer}.input_layernorm.weight", [hidden]),
        new($"{layer}.post_attention_layernorm.weight", [hidden]),
    ];

    /// <summary>`self_attn`: q, k, v and o projections.</summary>
    public static IEnumerable<TensorShape> Attention(string layer, AttentionSize size, AttentionBias bias = AttentionBias.None)
    {
        var (queries, keys) = ((long)size.Heads * size.HeadDim, (long)size.KeyValueHeads * size.HeadDim);
        return
        [
            .. Linear($"{layer}.self_attn.q_proj", queries, size.Hidden, bias != AttentionBias.None),
            .. Linear($"{layer}.self_attn.k_proj", keys, size.Hidden, bias != AttentionBias.None),
            .. Linear($"{layer}.self_attn.v_proj", keys, size.Hidden, bias != AttentionBias.None),
            .. Linear($"{layer}.self_attn.o_proj", size.Hidden, queries, bias == AttentionBias.All),
        ];
    }

    /// <summary>`q_norm` and `k_norm` of the given lengths.</summary>
    public static IEnumerable<TensorShape> QueryKeyNorms(string layer, long queries, long keys) =>
    [
        new($"{layer}.self_attn.q_norm.weight", [queries]),
        new($"{layer}.self_attn.k_norm.weight", [keys]),
    ];

    /// <summary>`gate_proj`, `up_proj` and `down_proj` of an expert or a dense layer.</summary>
    public static IEnumerable<TensorShape> SwiGlu(string prefix, long hidden, long inner, bool bias = false) =>
    [
        .. Linear($"{prefix}.gate_proj", inner, hidden, bias),
        .. Linear($"{prefix}.up_proj", inner, hidden, bias),
        .. Linear($"{prefix}.down_proj", hidden, inner, bias),
    ];

    /// <summary>The same in Mixtral's names: w1 gate, w3 up, w2 down.</summary>
    public static IEnumerable<TensorShape> NumberedSwiGlu(string prefix, long hidden, long inner) =>
    [
        new($"{prefix}.w1.weight", [inner, hidden]),
        new($"{prefix}.w2.weight", [hidden, inner]),
        new($"{prefix}.w3.weight", [inner, hidden]),
    ];

    /// <summary>One run of tensors an expert, `prefix.0`, `prefix.1`, ...</summary>
    public static IEnumerable<TensorShape> Each(string prefix, int experts, Func<string, IEnumerable<TensorShape>> expert) =>
        Enumerable.Range(0, experts).SelectMany(e => expert($"{prefix}.{e}"));

    public static IEnumerable<TensorShape> Linear(string prefix, long outputs, long inputs, bool bias)
    {
        yield return new TensorShape($"{prefix}.weight", [outputs, inputs]);
        if (bias)
        {
            yield return new TensorShape($"{prefix}.bias", [outputs]);
        }
    }
}
