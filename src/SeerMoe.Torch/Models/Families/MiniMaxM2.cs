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
        _rotary = new Rotary(RopeConfig.Frequencies(config, config.Positive("rotary_dim", _attention.HeadDim), theta: 5e6), new HalfLayout());
        Basics = ModelBasics.Of(config, _shape, epsilon: 1e-6);
        Require(config.Text("scoring_func", "sigmoid") == "sigmoid", "scoring_func", "sigmoid", config);
        Require(config.Flag("use_routing_bias", fallback: true), "use_routing_bias", "true", config);
        Require(config.Flag("use_qk_norm", fallback: true), "use_qk_norm", "true", config);
        Require(config.Text("qk_norm_type", "per_layer") == "per_layer", "qk_norm_type", "per_layer", config);
        Require(config.Int("shared_intermediate_size", 0) == 0, "shared_intermediate_size", "0", config);
        foreach (var beta in (string[])["layernorm_full_attention_beta", "layernorm_linear_attention_beta", "layernorm_mlp_beta"])
        {
            Require(config.Number(beta, 1) == 1, beta, "1", config);
        }

        // Left over from MiniMax-Text-01: they speak of dense layers and shared experts, of which there are none.
        config.Ignore("mlp_intermediate_size", "shared_moe_mode");
        Require(!config.Has("attn_type_list") || config.Integers("attn_type_list").All(type => type == 1), "attn_type_list", "1 in every layer", config);
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SigmoidScore();

    public bool IsGateConstantAtTop1 => _gates.IsConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer, IReadOnlyList<int>? survivors)
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
        var router = new Router(new RouterLogits(at.Take("block_sparse_moe.gate.weight"), survivors: survivors), Score, selection, _gates);
        return at.PreNormLayer(Basics.Epsilon, attention, new MoeBlock(layer, router, at.NumberedExperts("block_sparse_moe.experts", _shape.ExpertsOf(layer))));
    }

    public ModelEnds Ends(LayerWeights weights) => StandardEnds.Of(weights, Basics.Epsilon);

    private static void Require(bool isKnown, string key, string known, HfConfig config)
    {
        if (!isKnown)
        {
            throw new InputException($"{key} is not {known}.", config.Path, "Every published checkpoint of this family has that value; others are not known here.");
        }
    }
}
