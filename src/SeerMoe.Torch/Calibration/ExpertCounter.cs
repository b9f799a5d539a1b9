using SeerMoe.Experts;
using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Calibration;

/// <summary>
/// Sums everything that any criterion of method.md needs, in the pass that runs anyway. Sums are float64.
/// <code>
/// actual_j = #{x : j in TopK(x)}      soft_j = sum over x of p_j(x)      norm_j = sum over routed x of ||f_j(x)||
/// </code>
/// Sources: SEER-MoE (arXiv 2404.05089) for the counts, REAP (2510.13999) and 2606.15716 for the norms.
/// </summary>
public sealed class ExpertCounter(IReadOnlyList<LayerStatistics> layers) : IRoutingObserver
{
    private readonly Dictionary<int, LayerStatistics> _byLayer = layers.ToDictionary(layer => layer.Layer);

    public void Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD)
    {
        var statistics = _byLayer[layer];
        var experts = statistics.Experts;
        var wide_RD = outputs_RD.to_type(ScalarType.Float32);
        var norm_R = Wide(wide_RD.norm(1, keepdim: false, p: 2f));
        var gate_R = Wide(routing.Gates.flatten().index_select(0, dispatch.Slots));
        var weighted_R = gate_R * norm_R;
        var probability_R = Wide(routing.Probabilities.gather(1, routing.Chosen).flatten().index_select(0, dispatch.Slots));

        for (var expert = 0; expert < experts; expert++)
        {
            statistics.Actual[expert] += dispatch.Counts[expert];
        }

        Add(statistics.Soft, Wide(routing.Probabilities).sum([0]));
        Add(statistics.SoftTopK, ByExpert(probability_R));
        Add(statistics.Gate, ByExpert(gate_R));
        Add(statistics.Norm, ByExpert(norm_R));
        Add(statistics.NormSq, ByExpert(norm_R.square()));
        Add(statistics.GateNorm, ByExpert(weighted_R));
        Add(statistics.GateSqNormSq, ByExpert(weighted_R.square()));
        Max(statistics.MaxAbs, dispatch.Counts, wide_RD.abs().amax([1]));

        var chosen_TE = Wide(nn.functional.one_hot(routing.Chosen, experts).sum([1]));
        Add(statistics.CoActivation, chosen_TE.transpose(0, 1).matmul(chosen_TE).flatten());
        statistics.EntropySum += Wide(RouterEntropy.PerToken(routing.Logits)).sum().cpu().item<double>();
        statistics.Tokens += routing.Logits.shape[0];

        Tensor ByExpert(Tensor values_R) => zeros([experts], ScalarType.Float64, wide_RD.device).index_add_(0, dispatch.Experts, values_R, 1);
    }

    private static Tensor Wide(Tensor x) => x.to_type(ScalarType.Float64);

    private static void Add(double[] sums, Tensor values)
    {
        var numbers = values.cpu().data<double>().ToArray();
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += numbers[i];
        }
    }

    private static void Max(double[] maxima, long[] counts, Tensor maxAbs_R)
    {
        long start = 0;
        for (var expert = 0; expert < maxima.Length; start += counts[expert], expert++)
        {
            if (counts[expert] > 0)
            {
                maxima[expert] = Math.Max(maxima[expert], maxAbs_R.narrow(0, start, counts[expert]).max().cpu().item<float>());
            }
        }
    }
}
