using SeerMoe.Experts;

namespace SeerMoe.Pruning;

/// <summary>A control that keeps the coldest experts: if it is no worse than `soft`, the soft count says nothing about this model.</summary>
public sealed class ColdestExperts : ICriterion
{
    public string Name => "inverse";

    // -s_j, where s_j = sum over x in D of p_j(x) is SEER-MoE's soft count; 0 - s has no negative zero
    public double[] Scores(LayerStatistics layer) => Array.ConvertAll(layer.Soft, soft => 0 - soft);
}
