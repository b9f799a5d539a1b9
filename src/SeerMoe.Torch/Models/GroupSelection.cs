using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Groups first, then experts of the best groups. Groups are runs of consecutive experts.
/// <code>
/// 4 groups of 4, 2 chosen, best score a group
/// scores   .1 .0 .2 .1 | .0 .0 .1 .0 | .0 .3 .0 .0 | .1 .0 .0 .1
/// group           .2          .1           .3             .1
/// open     .1 .0 .2 .1 |             | .0 .3 .0 .0 |
/// </code>
/// </summary>
internal static class GroupSelection
{
    /// <summary>Scores [T, E] with <paramref name="shut"/> at the experts of groups that are not chosen.</summary>
    /// <param name="groupScores">[T, G, E / G] to [T, G].</param>
    public static Tensor Open(Tensor scores_TE, int groups, int chosen, double shut, Func<Tensor, Tensor> groupScores)
    {
        var (tokens, experts) = (scores_TE.shape[0], scores_TE.shape[1]);
        var byGroup = scores_TE.view(tokens, groups, experts / groups);
        var best = groupScores(byGroup).topk(chosen, -1).indexes;
        var open = zeros(tokens, groups, ScalarType.Bool, scores_TE.device).scatter(1, best, ones_like(best, ScalarType.Bool));
        return byGroup.masked_fill(open.logical_not().unsqueeze(-1), shut).view(tokens, experts);
    }
}

/// <summary>DeepSeek-V2 (arXiv 2405.04434, section 2.2.2): a group is as good as its best expert; experts of other groups count as 0.</summary>
public sealed class BestOfGroups(int groups, int chosen) : IExpertSelection
{
    public Tensor Choose(Tensor logits_TE, Tensor scores_TE, int k) =>
        GroupSelection.Open(scores_TE, groups, chosen, shut: 0, byGroup => byGroup.amax([-1])).topk(k, -1).indexes;
}

/// <summary>DeepSeek-V3 (arXiv 2412.19437, section 2.1.2): by score + bias; a group is as good as its two best experts together; others are out.</summary>
/// <param name="bias">[E] float32</param>
public sealed class BestBiasedOfGroups(Tensor bias, int groups, int chosen) : IExpertSelection
{
    public Tensor Choose(Tensor logits_TE, Tensor scores_TE, int k) => GroupSelection
        .Open(BestBiasedScores.Biased(logits_TE, scores_TE, bias), groups, chosen, double.NegativeInfinity, byGroup => byGroup.topk(2, -1).values.sum(-1))
        .topk(k, -1).indexes;
}
