using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>GLM-4.5 and 4.6: half of each head turns, norms on the heads of q and k where the config says so, DeepSeek-V3's experts.</summary>
public sealed class Glm4Moe : IModelFamily
{
    private readonly AttentionSize _attention;
    private readonly Rotary _rotary;
    private readonly bool _hasNorms;
    private readonly DeepSeekV3Experts _experts;

    public Glm4Moe(HfConfig config)
    {
        var shape = new Glm4MoeArchitecture().Shape(config);
        DenseLayers.Read(config);
        _attention = AttentionSize.Of(config);
        _rotary = new Rotary(RopeConfig.Frequencies(config, (int)(_attention.HeadDim * RopeConfig.Share(config, 0.5)), theta: 1e4), new HalfLayout());
        _hasNorms = config.Flag("use_qk_norm", fallback: false);
        _experts = new DeepSeekV3Experts(config, shape, scaling: 1);
        Basics = ModelBasics.Of(config, shape, epsilon: 1e-5);
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score => _experts.Score;

    public bool IsGateConstantAtTop1 => _experts.IsGateConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        var attention = new Attention(
            Normed(at, "q"),
            Normed(at, "k"),
            at.Linear("self_attn.v_proj"),
            at.Linear("self_attn.o_proj"),
            _attention.HeadDim,
            _rotary,
            new SoftmaxMix());
        return at.PreNormLayer(Basics.Epsilon, attention, _experts.Of(at, layer));
    }

    private IProjection Normed(NamedWeights at, string which)
    {
        var projection = at.Linear($"self_attn.{which}_proj");
        return _hasNorms ? new NormedProjection(projection, at.RmsNorm($"self_attn.{which}_norm", Basics.Epsilon), _attention.HeadDim) : projection;
    }
}
