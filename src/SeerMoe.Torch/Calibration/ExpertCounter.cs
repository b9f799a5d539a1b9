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
        var seen = new LayerStatistics(layer, all.Experts) { Tokens = routing.Logits.shape[0], EntropySum = routing.Entropy().to_type(ScalarType.Float64).sum().cpu().item<double>() };
        var probabilities_TE = Numbers(routing.Probabilities);
        SumTokens(seen, probabilities_TE);
        SumSlots(seen, probabilities_TE, routing, dispatch, outputs_RD);
        SumPairs(seen, dispatch.Experts, (int)routing.Chosen.shape[1]);
        return () => all.Absorb(seen);
    }

    private static void SumTokens(LayerStatistics seen, float[] probabilities_TE)
    {
        for (var start = 0; start < probabilities_TE.Length; start += seen.Experts)
        {
            for (var expert = 0; expert < seen.Experts; expert++)
            {
                seen.Soft[expert] += probabilities_TE[start + expert];
            }
        }
    }

    /// <summary>What is summed over an expert's own tokens, on the host, which knows where they are: a few numbers a token, in one order on every device.</summary>
    private static void SumSlots(LayerStatistics seen, float[] probabilities_TE, Routing routing, Dispatch dispatch, Tensor outputs_RD)
    {
        if (dispatch.Experts.Length == 0)
        {
            return;
        }

        var (norm_R, maxAbs_R) = Magnitudes(outputs_RD);
        var (gates, norms, maxima) = (Numbers(routing.Gates), Numbers(norm_R), Numbers(maxAbs_R));
        var choices = routing.Chosen.shape[1];
        for (var slot = 0; slot < dispatch.Experts.Length; slot++)
        {
            var (expert, row) = (dispatch.Experts[slot], dispatch.Places[slot]);
            var (probability, gate, norm) = (probabilities_TE[(slot / choices * seen.Experts) + expert], (double)gates[slot], (double)norms[row]);
            var weighted = gate * norm;
            seen.Actual[expert]++;
            seen.SoftTopK[expert] += probability;
            seen.Gate[expert] += gate;
            seen.Norm[expert] += norm;
            seen.NormSq[expert] += norm * norm;
            seen.GateNorm[expert] += weighted;
            seen.GateSqNormSq[expert] += weighted * weighted;
            seen.MaxAbs[expert] = Math.Max(seen.MaxAbs[expert], maxima[row]);
        }
    }

    private static void SumPairs(LayerStatistics seen, long[] experts_TK, int choices)
    {
        for (var start = 0; start < experts_TK.Length; start += choices)
        {
            var chosen = experts_TK.AsSpan(start, choices);
            foreach (var one in chosen)
            {
                foreach (var other in chosen)
                {
                    seen.CoActivation[(one * seen.Experts) + other]++;
                }
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

    private static float[] Numbers(Tensor values) => values.cpu().contiguous().data<float>().ToArray();
}
