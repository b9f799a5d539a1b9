using System.Collections.Immutable;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;

namespace SeerMoe.Architectures;

/// <summary>
/// gpt-oss (OpenAI): biases everywhere, attention sinks, and all experts of a layer in one tensor, transposed (y = x W + b):
/// <code>
/// gate_up_proj [E, D, 2F]   even columns gate, odd ones up      gate_up_proj_bias [E, 2F]
/// down_proj    [E, F, D]                                        down_proj_bias    [E, D]
/// MXFP4        ..._blocks [E, out, in / 32, 16] and ..._scales [E, out, in / 32], out and in swapped back
/// </code>
/// </summary>
public sealed class GptOssArchitecture : IMoeArchitecture
{
    private const int MxBlock = 32;

    public string ModelType => "gpt_oss";

    public string TransformersClass => "GptOssForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["num_local_experts"];

    public ImmutableArray<string> TopKKeys => ["num_experts_per_tok", "experts_per_token"];

    public ExpertNames Names { get; } = new()
    {
        Experts = "mlp.experts.",
        Routers = [("mlp.router.", 0)],
        Fused =
        [
            .. from matrix in (string[])["gate_up_proj", "down_proj"]
               from part in (string[])["", "_blocks", "_scales", "_bias"]
               select $"mlp.experts.{matrix}{part}",
        ],
    };

    public MoeShape Shape(HfConfig config) => MoeShape.Read(config, this);

    public AttentionCost Attention(HfConfig config, int layer) => AttentionSize.Of(config).Cost(SlidingWindows.Alternating(config)(layer));

    public IEnumerable<TensorShape> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        var attention = AttentionSize.Of(config);
        long inner = config.Positive("intermediate_size");
        var bias = config.Flag("attention_bias", fallback: true) ? AttentionBias.All : AttentionBias.None;
        var isPacked = Quantization.Of(config) == Quantized.Mxfp4;
        return Layout.Model(config, shape.Layers, (i, layer) =>
        [
            .. Layout.Norms(layer, attention.Hidden),
            .. Layout.Attention(layer, attention, bias),
            new($"{layer}.self_attn.sinks", [attention.Heads]),
            .. Layout.Linear($"{layer}.mlp.router", shape.ExpertsOf(i), attention.Hidden, bias: true),
            .. Matrix($"{layer}.mlp.experts.gate_up_proj", shape.ExpertsOf(i), attention.Hidden, 2 * inner),
            .. Matrix($"{layer}.mlp.experts.down_proj", shape.ExpertsOf(i), inner, attention.Hidden),
        ]);

        IEnumerable<TensorShape> Matrix(string name, long experts, long inputs, long outputs) =>
        [
            .. isPacked
                ?
                [
                    new($"{name}_blocks", [experts, outputs, inputs / MxBlock, MxBlock / 2], DType.UInt8),
                    new($"{name}_scales", [experts, outputs, inputs / MxBlock], DType.UInt8),
                ]
                : (IEnumerable<TensorShape>)[new(name, [experts, inputs, outputs])],
            new($"{name}_bias", [experts, outputs]),
        ];
    }
}
