using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>gpt-oss: attention sinks, every other layer with a window, all experts of a layer in one tensor, MXFP4 or plain.</summary>
public sealed class GptOss : IModelFamily
{
    private readonly AttentionSize _attention;
    private readonly Func<int, int?> _windows;
    private readonly Rotary _rotary;
    private readonly double _limit;
    private readonly double _slope;
    private readonly bool _isPacked;
    private readonly SoftmaxGates _gates = new();

    public GptOss(HfConfig config)
    {
        config.Ignore("initial_context_length"); // original_max_position_embeddings of the scaling says it
        var shape = new GptOssArchitecture().Shape(config);
        _attention = AttentionSize.Of(config);
        _windows = SlidingWindows.Alternating(config);
        if (RopeConfig.Section(config) is null)
        {
            throw new InputException("The config has neither rope_scaling nor rope_parameters.", config.Path, "Copy the key from the published config.json: without it, programs differ in what they assume.");
        }

        _rotary = new Rotary(RopeConfig.Frequencies(config, _attention.HeadDim, theta: 150000), new HalfLayout());
        _limit = config.Number("swiglu_limit", 7);
        _slope = config.Number("swiglu_alpha", 1.702);
        _isPacked = Quantization.Of(config) == Quantized.Mxfp4;
        Basics = ModelBasics.Of(config, shape, epsilon: 1e-5);
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SoftmaxScore();

    public bool IsGateConstantAtTop1 => _gates.IsConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        var attention = at.PlainAttention(_attention.HeadDim, _rotary, new SinkMix(at.Take("self_attn.sinks"), _windows(layer)));
        var router = new Router(new RouterLogits(at.Take("mlp.router.weight"), at.Take("mlp.router.bias")), Score, new BestLogits(), _gates);
        var experts = new ClampedSwiGlu(Matrix(at, "mlp.experts.gate_up_proj"), Matrix(at, "mlp.experts.down_proj"), _limit, _slope);
        return new DecoderLayer(Norm(at, "input_layernorm"), attention, Norm(at, "post_attention_layernorm"), new MoeBlock(layer, router, experts));
    }

    public ModelHead Head(LayerWeights weights) => new(Norm(weights.At("model"), "norm"), StandardEnds.Projection(weights));

    private (TorchSharp.torch.Tensor Weight, TorchSharp.torch.Tensor Bias) Matrix(NamedWeights at, string name) =>
        (_isPacked ? at.TakeMxfp4(name) : at.TakeInOut(name), at.Take($"{name}_bias"));

    private WideRmsNorm Norm(NamedWeights at, string name) => new(at.Take($"{name}.weight"), Basics.Epsilon);
}
