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
        double[][] sums = [statistics.SoftTopK, statistics.Gate, statistics.Norm, statistics.NormSq, statistics.GateNorm, statistics.GateSqNormSq];
        long start = 0;
        for (var expert = 0; expert < statistics.Experts; start += dispatch.Counts[expert], expert++)
        {
            var count = dispatch.Counts[expert];
            if (count == 0)
            {
                continue;
            }

            statistics.Actual[expert] += count;
            var segment = Numbers(perSlot_6R.narrow(1, start, count).sum([1]));
            for (var sum = 0; sum < sums.Length; sum++)
            {
                sums[sum][expert] += segment[sum];
            }

            statistics.MaxAbs[expert] = Math.Max(statistics.MaxAbs[expert], maxAbs_R.narrow(0, start, count).max().cpu().item<float>());
        }

        Add(statistics.Soft, Wide(routing.Probabilities).sum([0]));
        var chosen_TE = Wide(nn.functional.one_hot(routing.Chosen, statistics.Experts).sum([1]));
        Add(statistics.CoActivation, chosen_TE.transpose(0, 1).matmul(chosen_TE).flatten());
        statistics.EntropySum += Wide(routing.Entropy()).sum().cpu().item<double>();
        statistics.Tokens += routing.Logits.shape[0];
    }

    private static Tensor Wide(Tensor x) => x.to_type(ScalarType.Float64);

    private static double[] Numbers(Tensor values) => values.cpu().data<double>().ToArray();

    private static void Add(double[] sums, Tensor values)
    {
        var numbers = Numbers(values);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += numbers[i];
        }
    }
}
