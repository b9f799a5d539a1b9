using SeerMoe.Architectures;
using SeerMoe.Pruning;

namespace SeerMoe.Torch.Models;

/// <summary>Experts that no token is sent to, though their weights are there: a plan, tried out before anything is cut.</summary>
public sealed class ExpertMask
{
    /// <summary>Every expert may be chosen.</summary>
    public static readonly ExpertMask None = new([]);

    private readonly Dictionary<int, bool[]> _dropped;

    private ExpertMask(Dictionary<int, bool[]> dropped) => _dropped = dropped;

    /// <param name="plan">Null for none.</param>
    /// <param name="shape">Of the model; the plan fits it.</param>
    public static ExpertMask Of(PrunePlan? plan, MoeShape shape) => plan is null ? None : new(plan.Layers
        .Where(layer => layer.Survivors.Length < shape.ExpertsOf(layer.Layer))
        .ToDictionary(layer => layer.Layer, layer => Enumerable.Range(0, shape.ExpertsOf(layer.Layer)).Select(expert => !layer.Survivors.Contains(expert)).ToArray()));

    /// <summary>[E], true at the experts of a layer that drop out; null where all may be chosen.</summary>
    public bool[]? Dropped(int layer) => _dropped.GetValueOrDefault(layer);
}
