using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>DeepSeek-V3 and R1 (arXiv 2412.19437).</summary>
public sealed class DeepSeekV3 : IModelFamily
{
    private readonly DeepSeekAttention _attention;
    private readonly DeepSeekV3Experts _experts;

    public DeepSeekV3(HfConfig config)
    {
        var shape = new DeepSeekV3Architecture().Shape(config);
        _attention = new DeepSeekAttention(config);
        _experts = new DeepSeekV3Experts(config, shape, scaling: 2.5);
        Basics = ModelBasics.Of(config, shape, epsilon: 1e-6);
        config.Require("rope_interleave", known: true);
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score => _experts.Score;

    public bool IsGateConstantAtTop1 => _experts.IsGateConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        return at.PreNormLayer(Basics.Epsilon, _attention.Of(at), _experts.Of(at, layer));
    }
}
