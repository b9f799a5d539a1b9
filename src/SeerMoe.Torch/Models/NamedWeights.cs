using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Weights whose names share a prefix, and the parts that are made of them.</summary>
/// <param name="weights">Where they are taken from.</param>
/// <param name="prefix">`model.layers.3.`</param>
public sealed class NamedWeights(LayerWeights weights, string prefix)
{
    /// <inheritdoc cref="LayerWeights.Take(string)"/>
    public Tensor Take(string name) => weights.Take(prefix + name);

    /// <inheritdoc cref="LayerWeights.TakeInOut"/>
    public Tensor TakeInOut(string name) => weights.TakeInOut(prefix + name);

    /// <inheritdoc cref="LayerWeights.TakeWide"/>
    public Tensor TakeWide(string name) => weights.TakeWide(prefix + name);

    /// <inheritdoc cref="LayerWeights.TakeMxfp4"/>
    public Tensor TakeMxfp4(string name) => weights.TakeMxfp4(prefix + name);

    /// <summary>NAME.weight, and NAME.bias where the config calls for one.</summary>
    public IProjection Linear(string name)
    {
        // The weight before the bias: the order in which they are taken is that of what is trained.
        return weights.TakePacked($"{prefix}{name}.weight") is { } packed ? new PackedLinear(packed, Bias()) : new Linear(Take($"{name}.weight"), Bias());

        Tensor? Bias() => weights.Expects($"{prefix}{name}.bias") ? Take($"{name}.bias") : null;
    }

    public RmsNorm RmsNorm(string name, double epsilon) => new(Take($"{name}.weight"), epsilon);

    /// <summary>NAME.gate_proj, up_proj and down_proj.</summary>
    public IProjection SwiGlu(string name) => SwiGlu(gate: Linear($"{name}.gate_proj"), up: Linear($"{name}.up_proj"), down: Linear($"{name}.down_proj"));

    /// <summary>The same in Mixtral's names: w1 gate, w3 up, w2 down.</summary>
    public IProjection NumberedSwiGlu(string name) => SwiGlu(gate: Linear($"{name}.w1"), up: Linear($"{name}.w3"), down: Linear($"{name}.w2"));

    /// <summary>Experts NAME.0, NAME.1, ...</summary>
    public SeparateExperts Experts(string name, int count) =>
        new([.. Enumerable.Range(0, count).Select(expert => SwiGlu($"{name}.{expert}"))]);

    /// <summary>The same in Mixtral's names.</summary>
    public SeparateExperts NumberedExperts(string name, int count) =>
        new([.. Enumerable.Range(0, count).Select(expert => NumberedSwiGlu($"{name}.{expert}"))]);

    /// <summary>Attention out of self_attn.q_proj, k_proj, v_proj and o_proj as they stand.</summary>
    public Attention PlainAttention(int headDim, Rotary rotary, IAttentionMix mix) =>
        new(Linear("self_attn.q_proj"), Linear("self_attn.k_proj"), Linear("self_attn.v_proj"), Linear("self_attn.o_proj"), headDim, rotary, mix);

    /// <summary>A layer with RMS norms before attention and before what follows it.</summary>
    public DecoderLayer PreNormLayer(double epsilon, IAttention attention, IFeedForward feedForward) =>
        new(RmsNorm("input_layernorm", epsilon), attention, RmsNorm("post_attention_layernorm", epsilon), feedForward);

    private static IProjection SwiGlu(IProjection gate, IProjection up, IProjection down) =>
        (gate, up, down) is (PackedLinear packedGate, PackedLinear packedUp, PackedLinear packedDown)
            ? new PackedSwiGlu(packedGate, packedUp, packedDown)
            : new SwiGlu(gate, up, down);
}
