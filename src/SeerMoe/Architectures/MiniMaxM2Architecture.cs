using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>MiniMax-M2: Mixtral's names, norms over the whole of q and k, a correction bias beside the router.</summary>
public sealed class MiniMaxM2Architecture : IMoeArchitecture
{
    public string ModelType => "minimax_m2";

    public string TransformersClass => "MiniMaxM2ForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["num_local_experts"];

    public ImmutableArray<string> TopKKeys => ["num_experts_per_tok"];

    public ExpertNames Names { get; } = new()
    {
        Experts = "block_sparse_moe.experts.",
        Routers = [("block_sparse_moe.gate.", 0), ("block_sparse_moe.e_score_correction_bias", 0)],
    };

    public MoeShape Shape(HfConfig config) => MoeShape.Read(config, this);

    public AttentionCost Attention(HfConfig config, int layer) => AttentionSize.Of(config).Cost();

    public IEnumerable<TensorShape> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        var attention = AttentionSize.Of(config);
        var inner = config.Positive("intermediate_size");
        return Layout.Model(config, shape.Layers, (i, layer) =>
        [
            .. Layout.Norms(layer, attention.Hidden),
            .. Layout.Attention(layer, attention),
            .. Layout.QueryKeyNorms(layer, (long)attention.Heads * attention.HeadDim, (long)attention.KeyValueHeads * attention.HeadDim),
            new($"{layer}.block_sparse_moe.gate.weight", [shape.ExpertsOf(i), attention.Hidden]),
            new($"{layer}.block_sparse_moe.e_score_correction_bias", [shape.ExpertsOf(i)], Safetensors.DType.Float32),
            .. Layout.Each($"{layer}.block_sparse_moe.experts", shape.ExpertsOf(i), expert => Layout.NumberedSwiGlu(expert, attention.Hidden, inner)),
        ]);
    }
}
