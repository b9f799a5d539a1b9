using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>MiniMax-M2: q and k normalised as a whole, `rotary_dim` dimensions of a head turn, sigmoid scores with a bias for the choice.</summary>
public sealed class MiniMaxM2 : IModelFamily
{
    private readonly MoeShape _shape;
    private readonly AttentionSize _attention;
    private readonly Rotary _rotary;
    private readonly RenormalisedGates _gates = new();

    public MiniMaxM2(HfConfig config)
    {
        _shape = new MiniMaxM2Architecture().Shape(config);
        _attention = AttentionSize.Of(config);

        // transformers 5 turns rotary_dim into a share of the head when it saves.
        var turning = config.Positive("rotary_dim", (int)(_attention.HeadDim * RopeConfig.Share(config, 1)));
        _rotary = new Rotary(RopeConfig.Frequencies(config, turning, theta: 5e6), new HalfLayout());
        Basics = ModelBasics.Of(config, _shape, epsilon: 1e-6);
        config.Require("scoring_func", "sigmoid");
        config.Require("use_routing_bias", known: true);
        config.Require("use_qk_norm", known: true);
        config.Require("qk_norm_type", "per_layer");
        config.Require("shared_intermediate_size", 0);
        config.Require("layernorm_full_attention_beta", 1);
        config.Require("layernorm_linear_attention_beta", 1);
        config.Require("layernorm_mlp_beta", 1);

        // Left over from MiniMax-Text-01: they speak of dense layers and shared experts, of which there are none.
        config.Ignore("mlp_intermediate_size", "shared_moe_mode");
        if (config.Has("attn_type_list") && config.Integers("attn_type_list").Any(type => type != 1))
        {
            throw new InputException("attn_type_list has layers of another kind than 1.", config.Path, "Only full attention is known for this family.");
        }
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SigmoidScore();

    public bool IsGateConstantAtTop1 => _gates.IsConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        var attention = new Attention(
            new NormedProjection(at.Linear("self_attn.q_proj"), at.RmsNorm("self_attn.q_norm", Basics.Epsilon), _attention.Heads * _attention.HeadDim),
            new NormedProjection(at.Linear("self_attn.k_proj"), at.RmsNorm("self_attn.k_norm", Basics.Epsilon), _attention.KeyValueHeads * _attention.HeadDim),
            at.Linear("self_attn.v_proj"),
            at.Linear("self_attn.o_proj"),
            _attention.HeadDim,
            _rotary,
            new SoftmaxMix());
        var selection = new BestBiasedScores(at.TakeWide("block_sparse_moe.e_score_correction_bias"));
        var router = new Router(new RouterLogits(at.Take("block_sparse_moe.gate.weight")), Score, selection, _gates);
        return at.PreNormLayer(Basics.Epsilon, attention, new MoeBlock(layer, router, at.NumberedExperts("block_sparse_moe.experts", _shape.ExpertsOf(layer))));
    }
}
