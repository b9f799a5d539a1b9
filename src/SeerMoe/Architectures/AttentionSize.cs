using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>Heads of grouped-query attention, as nearly all families name them.</summary>
/// <param name="Hidden">D, the model's width.</param>
/// <param name="Heads">H, query heads.</param>
/// <param name="KeyValueHeads">Each serves H / KeyValueHeads query heads.</param>
/// <param name="HeadDim">Elements of a head; H times it need not be D.</param>
public sealed record AttentionSize(int Hidden, int Heads, int KeyValueHeads, int HeadDim)
{
    /// <exception cref="InputException">A key is absent, or the heads can't be grouped.</exception>
    public static AttentionSize Of(HfConfig config)
    {
        var hidden = config.Positive("hidden_size");
        var heads = config.Positive("num_attention_heads");
        var keyValueHeads = config.Positive("num_key_value_heads", heads);
        var headDim = config.Positive("head_dim", Math.Max(1, hidden / heads));
        return heads % keyValueHeads == 0
            ? new AttentionSize(hidden, heads, keyValueHeads, headDim)
            : throw new InputException($"{heads} attention heads can't share {keyValueHeads} key/value heads evenly.", config.Path, "Correct num_attention_heads or num_key_value_heads.");
    }

    /// <summary>What it computes beside its projections.</summary>
    public AttentionCost Cost(int? window = null) => new(Heads, HeadDim, HeadDim, window);
}
