using System.Collections.Immutable;
using SeerMoe.Architectures;

namespace SeerMoe.Pruning;

/// <summary>Old expert numbers to new ones, layer by layer.</summary>
/// <example>
/// Layer 3 keeps 0, 2 and 5 of six experts; the n-th survivor becomes expert n, and router row n:
/// <code>
/// old   0  1  2  3  4  5
/// new   0  -  1  -  -  2
/// </code>
/// </example>
internal sealed class Renumbering
{
    private readonly Dictionary<int, ImmutableArray<int>> _survivors;

    /// <param name="plan">Fits the shape (see PruneChecks); layers it does not name keep everything.</param>
    /// <param name="shape">Of the checkpoint before the cut.</param>
    public Renumbering(PrunePlan plan, MoeShape shape)
    {
        _survivors = shape.MoeLayers.ToDictionary(
            layer => layer,
            layer => plan.Layers.FirstOrDefault(planned => planned.Layer == layer)?.Survivors ?? [.. Enumerable.Range(0, shape.ExpertsOf(layer))]);
        Counts = [.. shape.MoeLayers.Select(layer => _survivors[layer].Length)];
        DropsNothing = Counts.SequenceEqual(shape.Experts);
    }

    /// <summary>Experts of each MoE layer after the cut.</summary>
    public ImmutableArray<int> Counts { get; }

    public bool DropsNothing { get; }

    /// <summary>Old numbers, ascending; their positions are the new numbers.</summary>
    /// <remarks>Null for a layer that is not counted, which keeps everything.</remarks>
    public ImmutableArray<int>? SurvivorsOf(int layer) => _survivors.TryGetValue(layer, out var survivors) ? survivors : null;

    /// <summary>What becomes of a tensor: its new name, or null where its expert is dropped.</summary>
    public string? NewName(string tensor, IMoeArchitecture architecture)
    {
        var role = architecture.RoleOf(tensor);
        if (role.Kind != TensorKind.Expert || !_survivors.TryGetValue(role.Layer, out var survivors))
        {
            return tensor; // a layer that is not counted is not cut either
        }

        var number = survivors.BinarySearch(role.Expert);
        return number < 0 ? null : architecture.Names.Renumber(tensor, number);
    }
}
