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
        var wide_RD = outputs_RD.to_type(ScalarType.Float32);
        var norm_R = Wide(wide_RD.norm(1, keepdim: false, p: 2f));
        var gate_R = Wide(routing.Gates.flatten().index_select(0, dispatch.Slots));
        var probability_R = Wide(routing.Probabilities.gather(1, routing.Chosen).flatten().index_select(0, dispatch.Slots));
        var weighted_R = gate_R * norm_R;
        var perSlot_6R = stack([probability_R, gate_R, norm_R, norm_R.square(), weighted_R, weighted_R.square()]);
        var maxAbs_R = wide_RD.abs().amax([1]);

        // Slots stand sorted by expert: sums of segments have one order on every device, which a scatter has not.
        var (routed, sums_6, max_) = (new List<int>(), new List<Tensor>(), new List<Tensor>());
        long start = 0;
        for (var expert = 0; expert < statistics.Experts; start += dispatch.Counts[expert], expert++)
        {
            if (dispatch.Counts[expert] is var count and > 0)
            {
                routed.Add(expert);
                sums_6.Add(perSlot_6R.narrow(1, start, count).sum([1]));
                max_.Add(maxAbs_R.narrow(0, start, count).max());
            }
        }

        var chosen_TE = Wide(nn.functional.one_hot(routing.Chosen, statistics.Experts).sum([1]));
        var together_EE = Numbers(chosen_TE.transpose(0, 1).mm(chosen_TE));
        var soft_E = Numbers(Wide(routing.Probabilities).sum([0]));
        var entropy = Wide(routing.Entropy()).sum().cpu().item<double>();
        var (segments, maxima) = routed.Count == 0 ? ([], []) : (Numbers(stack(sums_6)), Numbers(Wide(stack(max_))));

        // Nothing was added until here: a pass that runs out of memory is not counted in part.
        double[][] sums = [statistics.SoftTopK, statistics.Gate, statistics.Norm, statistics.NormSq, statistics.GateNorm, statistics.GateSqNormSq];
        for (var i = 0; i < routed.Count; i++)
        {
            var expert = routed[i];
            statistics.Actual[expert] += dispatch.Counts[expert];
            statistics.MaxAbs[expert] = Math.Max(statistics.MaxAbs[expert], maxima[i]);
            for (var sum = 0; sum < sums.Length; sum++)
            {
                sums[sum][expert] += segments[(i * sums.Length) + sum];
            }
        }

        Add(statistics.Soft, soft_E);
        Add(statistics.CoActivation, together_EE);
        statistics.EntropySum += entropy;
        statistics.Tokens += routing.Logits.shape[0];
    }

    private static Tensor Wide(Tensor x) => x.to_type(ScalarType.Float64);

    private static double[] Numbers(Tensor values) => values.cpu().data<double>().ToArray();

    private static void Add(double[] sums, double[] numbers)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += numbers[i];
        }
    }
}
