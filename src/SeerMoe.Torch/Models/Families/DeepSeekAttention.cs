using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Latent attention of DeepSeek-V2 and V3, built from names.</summary>
internal sealed class DeepSeekAttention
{
    // Whatever rms_norm_eps says: the norms of latent vectors keep the default of their class.
    private const double LatentEpsilon = 1e-6;

    private readonly LatentAttentionSize _size;
    private readonly Rotary _rotary;
    private readonly double _queryScale;

    public DeepSeekAttention(HfConfig config)
    {
        // The number of key/value heads and the size of a head say nothing here: every head has keys and values of its own.
        config.Ignore("num_key_value_heads", "head_dim", "qk_head_dim");
        DenseLayers.Read(config);
        _size = LatentAttentionSize.Of(config);
        _rotary = new Rotary(RopeConfig.Frequencies(config, _size.RotaryDim, theta: 1e4), new PairLayout());
        _queryScale = QueryScale(config);
    }

    public LatentAttention Of(NamedWeights at)
    {
        IProjection query = _size.QueryRank is null
            ? at.Linear("self_attn.q_proj")
            : new LowRankProjection(at.Linear("self_attn.q_a_proj"), at.RmsNorm("self_attn.q_a_layernorm", LatentEpsilon), at.Linear("self_attn.q_b_proj"));
        return new LatentAttention(
            _queryScale == 1 ? query : new ScaledProjection(query, _queryScale),
            at.Linear("self_attn.kv_a_proj_with_mqa"),
            at.RmsNorm("self_attn.kv_a_layernorm", LatentEpsilon),
            at.Linear("self_attn.kv_b_proj"),
            at.Linear("self_attn.o_proj"),
            _size,
            _rotary,
            new SoftmaxMix());
    }

    /// <summary>YaRN sharpens the scores by m(factor, mscale_all_dim)^2, which some runtimes forgot for V2.</summary>
    private static double QueryScale(HfConfig config)
    {
        var section = RopeConfig.Section(config);
        if (RopeConfig.Type(section) == "default")
        {
            return 1;
        }

        var all = section!.Number("mscale_all_dim", 0);
        return all == 0 ? 1 : Math.Pow(YarnFrequencies.MScale(section.Number("factor"), all), 2);
    }
}
