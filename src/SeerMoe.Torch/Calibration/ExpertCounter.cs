using SeerMoe.Experts;
using SeerMoe.Torch.Kernels;
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

    public Action Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD)
    {
        var all = _byLayer[layer];
        var seen = new LayerStatistics(layer, all.Experts) { Tokens = routing.Logits.shape[0], EntropySum = Wide(routing.Entropy()).sum().cpu().item<double>() };
        SumSegments(seen, routing, dispatch, outputs_RD);
        var chosen_TE = Wide(nn.functional.one_hot(routing.Chosen, all.Experts).sum([1]));
        Copy(chosen_TE.transpose(0, 1).mm(chosen_TE), seen.CoActivation);
        Copy(Wide(routing.Probabilities).sum([0]), seen.Soft);
        return () => all.Absorb(seen);
    }

    /// <summary>What is summed over an expert's own tokens. Slots stand sorted by expert: sums of segments have one order on every device, which a scatter has not.</summary>
    private static void SumSegments(LayerStatistics seen, Routing routing, Dispatch dispatch, Tensor outputs_RD)
    {
        var (narrow_R, maxAbs_R) = Magnitudes(outputs_RD);
        var norm_R = Wide(narrow_R);
        var gate_R = Wide(routing.Gates.flatten().index_select(0, dispatch.Slots));
        var probability_R = Wide(routing.Probabilities.gather(1, routing.Chosen).flatten().index_select(0, dispatch.Slots));
        var weighted_R = gate_R * norm_R;
        var perSlot_6R = stack([probability_R, gate_R, norm_R, norm_R.square(), weighted_R, weighted_R.square()]);
        var (sums_6, max_) = (new List<Tensor>(), new List<Tensor>());
        long start = 0;
        foreach (var count in dispatch.Counts)
        {
            if (count > 0)
            {
                sums_6.Add(perSlot_6R.narrow(1, start, count).sum([1]));
                max_.Add(maxAbs_R.narrow(0, start, count).max());
            }

            start += count;
        }

        if (sums_6.Count == 0)
        {
            return;
        }

        var (segments, maxima) = (Numbers(stack(sums_6)), Numbers(Wide(stack(max_))));
        double[][] sums = [seen.SoftTopK, seen.Gate, seen.Norm, seen.NormSq, seen.GateNorm, seen.GateSqNormSq];
        var routed = 0;
        for (var expert = 0; expert < seen.Experts; expert++)
        {
            if (dispatch.Counts[expert] > 0)
            {
                seen.Actual[expert] = dispatch.Counts[expert];
                seen.MaxAbs[expert] = maxima[routed];
                for (var sum = 0; sum < sums.Length; sum++)
                {
                    sums[sum][expert] = segments[(routed * sums.Length) + sum];
                }

                routed++;
            }
        }
    }

    /// <summary>Norm and largest magnitude of each row: [R, D] to [R] and [R] float32.</summary>
    private static (Tensor Norm, Tensor MaxAbs) Magnitudes(Tensor x_RD)
    {
        if (MagnitudeKernel.Serve(x_RD))
        {
            return MagnitudeKernel.Of(x_RD);
        }

        var wide_RD = x_RD.to_type(ScalarType.Float32);
        return (wide_RD.norm(1, keepdim: false, p: 2f), wide_RD.abs().amax([1]));
    }

    private static Tensor Wide(Tensor x) => x.to_type(ScalarType.Float64);

    private static double[] Numbers(Tensor values) => values.cpu().data<double>().ToArray();

    private static void Copy(Tensor values, double[] to) => Numbers(values).CopyTo(to, 0);
}
