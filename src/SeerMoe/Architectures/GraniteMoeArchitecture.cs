using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>Granite 3 MoE (IBM): all experts of a layer in one tensor, gate rows first, then up rows.</summary>
public sealed class GraniteMoeArchitecture : IMoeArchitecture
{
    private const string Input = "block_sparse_moe.input_linear.weight";
    private const string Output = "block_sparse_moe.output_linear.weight";

    public string ModelType => "granitemoe";

    public string TransformersClass => "GraniteMoeForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["num_local_experts"];

    public ImmutableArray<string> TopKKeys => ["num_experts_per_tok"];

    public ExpertNames Names { get; } = new() { Experts = "block_sparse_moe.", Routers = [("block_sparse_moe.router.layer.", 0)], Fused = [Input, Output] };

    public MoeShape Shape(HfConfig config) => MoeShape.Read(config, this);

    public AttentionCost Attention(HfConfig config, int layer) => AttentionSize.Of(config).Cost();

    public IEnumerable<TensorShape> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        var attention = AttentionSize.Of(config);
        long inner = config.Positive("intermediate_size");
        var bias = config.Flag("attention_bias", fallback: false) ? AttentionBias.All : AttentionBias.None;
        return Layout.Model(config, shape.Layers, (i, layer) =>
        [
            .. Layout.Norms(layer, attention.Hidden),
            .. Layout.Attention(layer, attention, bias),
            new($"{layer}.block_sparse_moe.router.layer.weight", [shape.ExpertsOf(i), attention.Hidden]),
            new($"{layer}.{Input}", [shape.ExpertsOf(i), 2 * inner, attention.Hidden]),
            new($"{layer}.{Output}", [shape.ExpertsOf(i), attention.Hidden, inner]),
        ]);
    }
}
