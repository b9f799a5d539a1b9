using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>OLMoE (Allen AI, arXiv 2409.02060): every layer has experts; norms over the whole of q and k.</summary>
public sealed class OlmoeArchitecture : IMoeArchitecture
{
    public string ModelType => "olmoe";

    public string TransformersClass => "OlmoeForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["num_experts", "num_local_experts"];

    public ImmutableArray<string> TopKKeys => ["num_experts_per_tok"];

    public ExpertNames Names { get; } = new() { Experts = "mlp.experts.", Routers = [("mlp.gate.", 0)] };

    public MoeShape Shape(HfConfig config) => MoeShape.Read(config, this);

    public AttentionCost Attention(HfConfig config, int layer) => AttentionSize.Of(config).Cost();

    public IEnumerable<TensorShape> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        var attention = AttentionSize.Of(config);
        var bias = config.Flag("attention_bias", fallback: false) ? AttentionBias.All : AttentionBias.None;
        var inner = config.Positive("intermediate_size");
        return Layout.Model(config, shape.Layers, (i, layer) =>
        [
            .. Layout.Norms(layer, attention.Hidden),
            .. Layout.Attention(layer, attention, bias),
            .. Layout.QueryKeyNorms(layer, (long)attention.Heads * attention.HeadDim, (long)attention.KeyValueHeads * attention.HeadDim),
            new($"{layer}.mlp.gate.weight", [shape.ExpertsOf(i), attention.Hidden]),
            .. Layout.Each($"{layer}.mlp.experts", shape.ExpertsOf(i), expert => Layout.SwiGlu(expert, attention.Hidden, inner)),
        ]);
    }
}
