using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>Mixtral (Mistral AI): every layer has experts; w1 gate, w3 up, w2 down; router `gate`.</summary>
public sealed partial class MixtralArchitecture : IMoeArchitecture
{
    public string ModelType => "mixtral";

    public string ExpertCountKey => "num_local_experts";

    public string TopKKey => "num_experts_per_tok";

    public MoeShape Shape(HfConfig config)
    {
        var layers = config.Positive("num_hidden_layers");
        var experts = RaggedExperts.Of(config, ExpertCountKey, moeLayers: layers);
        var topK = config.Positive(TopKKey);
        return topK <= experts.Min()
            ? new MoeShape(layers, [.. Enumerable.Range(0, layers)], experts, topK)
            : throw new InputException($"{TopKKey} is {topK}, but a layer has {experts.Min()} experts.", config.Path, "Correct config.json: a token can't be sent to more experts than there are.");
    }

    public TensorRole RoleOf(string tensorName)
    {
        var expert = ExpertName().Match(tensorName);
        if (expert.Success)
        {
            return new TensorRole(TensorKind.Expert, Number(expert.Groups["layer"]), Number(expert.Groups["expert"]));
        }

        var router = RouterName().Match(tensorName);
        return router.Success ? new TensorRole(TensorKind.Router, Number(router.Groups["layer"])) : default;
    }

    public string Renumber(string tensorName, int expert)
    {
        var number = ExpertName().Match(tensorName).Groups["expert"];
        return string.Concat(tensorName.AsSpan(0, number.Index), expert.ToString(CultureInfo.InvariantCulture), tensorName.AsSpan(number.Index + number.Length));
    }

    public IEnumerable<(string Name, ImmutableArray<long> Shape)> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        long hidden = config.Positive("hidden_size");
        long inner = config.Positive("intermediate_size");
        long vocabulary = config.Positive("vocab_size");
        long heads = config.Positive("num_attention_heads");
        long keyValueHeads = config.Positive("num_key_value_heads", (int)heads);
        long headDim = config.Positive("head_dim", (int)(hidden / heads));

        yield return ("model.embed_tokens.weight", [vocabulary, hidden]);
        for (var i = 0; i < shape.Layers; i++)
        {
            var layer = $"model.layers.{i}";
            yield return ($"{layer}.input_layernorm.weight", [hidden]);
            yield return ($"{layer}.self_attn.q_proj.weight", [heads * headDim, hidden]);
            yield return ($"{layer}.self_attn.k_proj.weight", [keyValueHeads * headDim, hidden]);
            yield return ($"{layer}.self_attn.v_proj.weight", [keyValueHeads * headDim, hidden]);
            yield return ($"{layer}.self_attn.o_proj.weight", [hidden, heads * headDim]);
            yield return ($"{layer}.post_attention_layernorm.weight", [hidden]);
            yield return ($"{layer}.block_sparse_moe.gate.weight", [shape.Experts[i], hidden]);
            for (var e = 0; e < shape.Experts[i]; e++)
            {
                var expert = $"{layer}.block_sparse_moe.experts.{e}";
                yield return ($"{expert}.w1.weight", [inner, hidden]);
                yield return ($"{expert}.w2.weight", [hidden, inner]);
                yield return ($"{expert}.w3.weight", [inner, hidden]);
            }
        }

        yield return ("model.norm.weight", [hidden]);
        if (!config.Flag("tie_word_embeddings", fallback: false))
        {
            yield return ("lm_head.weight", [vocabulary, hidden]);
        }
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    // Anything of an expert or a router is theirs, a quantised one's scales too: what the config does not call for is refused, not misplaced.
    [GeneratedRegex(@"^model\.layers\.(?<layer>[0-9]{1,9})\.block_sparse_moe\.experts\.(?<expert>[0-9]{1,9})\.", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ExpertName();

    [GeneratedRegex(@"^model\.layers\.(?<layer>[0-9]{1,9})\.block_sparse_moe\.gate\.", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RouterName();
}
