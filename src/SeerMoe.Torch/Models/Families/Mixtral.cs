using System.Collections.Immutable;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Mixtral (arXiv 2401.04088), in both spellings of its config.</summary>
public sealed class Mixtral : IModelFamily
{
    private readonly MoeShape _shape;
    private readonly int _hidden;
    private readonly int _inner;
    private readonly int _heads;
    private readonly int _keyValueHeads;
    private readonly int _headDim;
    private readonly double _epsilon;
    private readonly bool _tied;
    private readonly int? _slidingWindow;
    private readonly Rotary _rotary;

    public Mixtral(HfConfig config)
    {
        _shape = new MixtralArchitecture().Shape(config);
        _hidden = config.Positive("hidden_size");
        _inner = config.Positive("intermediate_size");
        _heads = config.Positive("num_attention_heads");
        _keyValueHeads = config.Positive("num_key_value_heads", _heads);
        _headDim = config.Positive("head_dim", _hidden / _heads);
        if (_heads % _keyValueHeads != 0)
        {
            throw new InputException($"{_heads} attention heads can't share {_keyValueHeads} key/value heads evenly.", config.Path, "Correct num_attention_heads or num_key_value_heads.");
        }

        _epsilon = config.Number("rms_norm_eps", 1e-5);
        _tied = config.Flag("tie_word_embeddings", fallback: false);
        _slidingWindow = config.Has("sliding_window") ? config.Positive("sliding_window") : null;
        _rotary = new Rotary(_headDim, RopeConfig.PlainTheta(config, fallback: 1e6));
        VocabularySize = config.Positive("vocab_size");
        MaxPositions = config.Positive("max_position_embeddings", 32768);
        Routing = new RoutingRule(_shape.TopK, SavedGate.Of(config));
        if (config.Text("hidden_act", "silu") is not "silu" and var activation)
        {
            throw new InputException($"hidden_act '{activation}' is not Mixtral's.", config.Path, "Only silu is known for this family.");
        }
    }

    public int VocabularySize { get; }

    public int Layers => _shape.Layers;

    public RoutingRule Routing { get; }

    public int MaxPositions { get; }

    public DecoderLayer Layer(LayerWeights weights, int layer, IReadOnlyList<int>? survivors)
    {
        var prefix = $"model.layers.{layer}";
        var attention = new Attention(
            weights.Take($"{prefix}.self_attn.q_proj.weight", _heads * _headDim, _hidden),
            weights.Take($"{prefix}.self_attn.k_proj.weight", _keyValueHeads * _headDim, _hidden),
            weights.Take($"{prefix}.self_attn.v_proj.weight", _keyValueHeads * _headDim, _hidden),
            weights.Take($"{prefix}.self_attn.o_proj.weight", _hidden, _heads * _headDim),
            _heads,
            _keyValueHeads,
            _headDim,
            _rotary,
            _slidingWindow);
        var router = new Router(weights.Take($"{prefix}.block_sparse_moe.gate.weight", _shape.Experts[layer], _hidden), survivors);
        ImmutableArray<SwiGlu> experts = [.. Enumerable.Range(0, _shape.Experts[layer]).Select(expert => Expert(weights, $"{prefix}.block_sparse_moe.experts.{expert}"))];
        return new DecoderLayer(
            Norm(weights, $"{prefix}.input_layernorm.weight"),
            attention,
            Norm(weights, $"{prefix}.post_attention_layernorm.weight"),
            new MoeBlock(layer, router, experts));
    }

    public ModelEnds Ends(LayerWeights weights)
    {
        var embedding = weights.Take("model.embed_tokens.weight", VocabularySize, _hidden);
        return new ModelEnds(
            embedding,
            Norm(weights, "model.norm.weight"),
            _tied ? embedding : weights.Take("lm_head.weight", VocabularySize, _hidden));
    }

    private RmsNorm Norm(LayerWeights weights, string name) => new(weights.Take(name, _hidden), _epsilon);

    // On disk: w1 gate, w3 up, w2 down.
    private SwiGlu Expert(LayerWeights weights, string prefix) => new(
        gate: weights.Take($"{prefix}.w1.weight", _inner, _hidden),
        up: weights.Take($"{prefix}.w3.weight", _inner, _hidden),
        down: weights.Take($"{prefix}.w2.weight", _hidden, _inner));
}
