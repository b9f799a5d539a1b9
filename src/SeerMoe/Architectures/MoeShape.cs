using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>How many experts there are, and where.</summary>
/// <param name="Layers">Decoder layers, dense ones included.</param>
/// <param name="MoeLayers">Indices of the layers that have experts, ascending.</param>
/// <param name="Experts">Experts of each MoE layer, in the order of <paramref name="MoeLayers"/>.</param>
/// <param name="TopK">Experts a token is sent to.</param>
public sealed record MoeShape(int Layers, ImmutableArray<int> MoeLayers, ImmutableArray<int> Experts, int TopK)
{
    /// <summary>Groups of consecutive experts of equal size, of which a token picks some first; 1 where the family has none.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Groups that a token picks.</summary>
    public int GroupsChosen { get; init; } = 1;

    /// <summary>Experts that a group needs for its score.</summary>
    public int LeastInGroup { get; init; } = 1;

    /// <summary>The most experts that the family's router can send a token to, however many there are.</summary>
    public int TopKLimit { get; init; } = int.MaxValue;

    /// <summary>Experts of a layer that every token meets, not counted and never pruned.</summary>
    public int SharedExperts { get; init; }

    /// <summary>Layers behind the last that predict further tokens (MTP): no forward pass here uses them.</summary>
    public int NextTokenLayers { get; init; }

    /// <summary>Whether every MoE layer has as many experts: stock configs know one number for all.</summary>
    public bool IsUniform => Experts.All(count => count == Experts[0]);

    /// <summary>The fewest experts a layer can do with: top-K, in full groups, with enough of them in the groups a token picks.</summary>
    public int LeastExperts => Groups * Math.Max(LeastInGroup, (TopK + GroupsChosen - 1) / GroupsChosen);

    /// <summary>The most experts that a token can be sent to in a layer of so many: all of the groups it picks.</summary>
    public int MostTopK(int experts) => Math.Min(TopKLimit, experts / Groups * GroupsChosen);

    /// <summary>Experts of decoder layer <paramref name="layer"/>; 0 for a dense layer.</summary>
    public int ExpertsOf(int layer)
    {
        var index = MoeLayers.IndexOf(layer);
        return index < 0 ? 0 : Experts[index];
    }

    /// <summary>Whether the layer lies behind the last one and predicts further tokens.</summary>
    public bool IsNextTokenLayer(int layer) => layer >= Layers && layer < Layers + NextTokenLayers;

    /// <summary>Reads layers, experts and top-K by the architecture's keys.</summary>
    /// <param name="isMoe">Whether a layer has experts; null for all.</param>
    /// <exception cref="InputException">A key is absent, or top-K is more than there are experts.</exception>
    public static MoeShape Read(HfConfig config, IMoeArchitecture architecture, Func<int, bool>? isMoe = null)
    {
        var layers = config.Positive("num_hidden_layers");
        ImmutableArray<int> moeLayers = [.. Enumerable.Range(0, layers).Where(layer => isMoe is null || isMoe(layer))];
        if (moeLayers.IsEmpty)
        {
            throw new InputException("No layer has experts.", config.Path, "A model without experts has nothing to count and nothing to prune.");
        }

        var experts = RaggedExperts.Of(config, architecture.ExpertCountKeys, moeLayers.Length);
        var topK = config.PositiveOf(architecture.TopKKeys);
        return topK <= experts.Min()
            ? new MoeShape(layers, moeLayers, experts, topK)
            : throw new InputException($"{architecture.TopKKeys[0]} is {topK}, but a layer has {experts.Min()} experts.", config.Path, "Correct config.json: a token can't be sent to more experts than there are.");
    }

    /// <summary>The same with groups of experts.</summary>
    /// <exception cref="InputException">The experts of a layer can't be divided, or the chosen groups hold too few.</exception>
    /// <param name="config">`n_group` and `topk_group`.</param>
    /// <param name="leastInGroup">Experts that a group needs for its score.</param>
    /// <param name="groups">Where the config does not say.</param>
    /// <param name="chosen">Where the config does not say.</param>
    public MoeShape InGroups(HfConfig config, int leastInGroup, int groups = 1, int chosen = 1)
    {
        var grouped = this with { Groups = config.Positive("n_group", groups), GroupsChosen = config.Positive("topk_group", chosen), LeastInGroup = leastInGroup };
        if (grouped.GroupsChosen > grouped.Groups || Experts.Any(experts => experts % grouped.Groups != 0 || experts < grouped.LeastExperts))
        {
            throw new InputException(
                $"{string.Join(' ', Experts.Distinct())} experts a layer can't stand in {grouped.Groups} groups of which a token picks {grouped.GroupsChosen} for its {TopK} experts.",
                config.Path,
                "Correct n_group or topk_group: groups have equal size, and the picked ones hold top-K experts.");
        }

        return grouped;
    }
}
