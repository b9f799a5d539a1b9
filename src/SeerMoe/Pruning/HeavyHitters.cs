using SeerMoe.Experts;

namespace SeerMoe.Pruning;

/// <summary>SEER-MoE's heavy-hitters counting (arXiv 2404.05089): keep the experts that the router wants most.</summary>
/// <remarks>
/// D calibration tokens, p(x) the router's probabilities over all experts, TopK(x) the experts that token x is sent to.
/// The material at hand does not settle whether the paper's soft count runs over all tokens or over routed ones, so both are here.
/// </remarks>
public sealed class HeavyHitters : ICriterion
{
    // actual count     a_j = #{ x in D : j in TopK(x) }
    public static readonly HeavyHitters Actual = new("actual", layer => layer.Actual);

    // soft count       s_j = sum over x in D of p_j(x)
    public static readonly HeavyHitters Soft = new("soft", layer => layer.Soft);

    // second reading   s_j = sum over { x in D : j in TopK(x) } of p_j(x)
    public static readonly HeavyHitters SoftTopK = new("soft-topk", layer => layer.SoftTopK);

    private readonly Func<LayerStatistics, double[]> _count;

    private HeavyHitters(string name, Func<LayerStatistics, double[]> count) => (Name, _count) = (name, count);

    public string Name { get; }

    public double[] Scores(LayerStatistics layer) => [.. _count(layer)];
}
