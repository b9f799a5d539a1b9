using SeerMoe.Torch.Kernels;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>A sparse MoE layer: y = sum over the chosen experts j of g_j(x) f_j(x).</summary>
/// <param name="layer">Index of the decoder layer, told to observers.</param>
public sealed class MoeBlock(int layer, IRouter router, IExperts experts) : IFeedForward
{
    public Tensor Forward(Tensor x_TD, RoutingRule rule, Observations? found)
    {
        var routing = router.Route(x_TD, rule);
        var dispatch = Dispatch.Of(routing.Chosen, experts.Count);
        var outputs_RD = RunExperts(x_TD, dispatch, rule.TopK);
        found?.Find(layer, routing, dispatch, outputs_RD);

        return Combine(outputs_RD, routing.Gates.to_type(x_TD.dtype), dispatch.Places);
    }

    private Tensor RunExperts(Tensor x_TD, Dispatch dispatch, int topK)
    {
        var counts = dispatch.Counts;
        var given = experts.WantFewShapes && KernelRows.Serve(x_TD) ? Array.ConvertAll(counts, KernelRows.Of) : counts;
        var inputs_RD = TokenRows.Take(x_TD, dispatch.Rows(given, topK), topK);

        // One split, not a narrow an expert: its gradient is one concatenation, where each narrow's is as large as all inputs.
        var segments = inputs_RD.split(given, 0);
        return is_grad_enabled() || given != counts ? Joined(inputs_RD, segments, given, counts) : InPlace(inputs_RD, segments, counts);
    }

    private Tensor Joined(Tensor inputs_RD, Tensor[] segments, long[] given, long[] counts)
    {
        var outputs = new List<Tensor>(experts.Count);
        for (var expert = 0; expert < experts.Count; expert++)
        {
            if (counts[expert] > 0)
            {
                var y_RD = experts.Forward(expert, segments[expert]);
                outputs.Add(given[expert] == counts[expert] ? y_RD : y_RD.narrow(0, 0, counts[expert]));
            }
        }

        // No tokens at all (a line that is all padding): nothing to run.
        return outputs.Count == 0 ? inputs_RD : cat(outputs, 0);
    }

    /// <summary>The same where nobody learns: experts write one behind the other.</summary>
    private Tensor InPlace(Tensor inputs_RD, Tensor[] segments, long[] counts)
    {
        var outputs_RD = empty_like(inputs_RD);
        var places = outputs_RD.split(counts, 0);
        for (var expert = 0; expert < experts.Count; expert++)
        {
            if (counts[expert] > 0)
            {
                experts.Into(expert, segments[expert], places[expert]);
            }
        }

        return outputs_RD;
    }

    /// <summary>A sum over K for each token, not a scatter: it has one order on every device.</summary>
    private static Tensor Combine(Tensor outputs_RD, Tensor gates_TK, long[] places_R)
    {
        if (CombineKernel.Serve(outputs_RD, gates_TK))
        {
            return is_grad_enabled() ? WeightedSum.apply(outputs_RD, gates_TK, places_R) : CombineKernel.Of(outputs_RD, gates_TK, places_R);
        }

        var byToken_TKD = outputs_RD.index_select(0, tensor(places_R, device: outputs_RD.device)).view(gates_TK.shape[0], gates_TK.shape[1], outputs_RD.shape[1]);
        return gates_TK.unsqueeze(1).bmm(byToken_TKD).squeeze(1);
    }
}
