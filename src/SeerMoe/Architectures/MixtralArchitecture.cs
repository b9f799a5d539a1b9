using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>Mixtral (Mistral AI, arXiv 2401.04088): every layer has experts; w1 gate, w3 up, w2 down.</summary>
public sealed class MixtralArchitecture : IMoeArchitecture
{
    public string ModelType => "mixtral";

    public string TransformersClass => "MixtralForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["num_local_experts"];

    public ImmutableArray<string> TopKKeys => ["num_experts_per_tok"];

    public ExpertNames Names { get; } = new() { Experts = "block_sparse_moe.experts.", Routers = [("block_sparse_moe.gate.", 0)] };

    public MoeShape Shape(HfConfig config) => MoeShape.Read(config, this);

    public AttentionCost Attention(HfConfig config, int layer) => AttentionSize.Of(config).Cost(config.PositiveOrNull("sliding_window"));

    public IEnumerable<TensorShape> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        var attention = AttentionSize.Of(config);
        var inner = config.Positive("intermediate_size");
        return Layout.Model(config, shape.Layers, (i, layer) =>
        [
            .. Layout.Norms(layer, attention.Hidden),
            .. Layout.Attention(layer, attention),
            new($"{layer}.block_sparse_moe.gate.weight", [shape.ExpertsOf(i), attention.Hidden]),
            .. Layout.Each($"{layer}.block_sparse_moe.experts", shape.ExpertsOf(i), expert => Layout.NumberedSwiGlu(expert, attention.Hidden, inner)),
        ]);
    }
}
