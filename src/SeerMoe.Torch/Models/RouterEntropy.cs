using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>H(x) = - sum over j of p_j ln p_j, nats, over the experts that are there (SEER-MoE, arXiv 2404.05089).</summary>
public static class RouterEntropy
{
    /// <summary>Logits [T, E], minus infinity at masked experts, to [T].</summary>
    public static Tensor PerToken(Tensor logits_TE)
    {
        var logP = log_softmax(logits_TE, -1);
        // A masked expert has p = 0 and ln p = -inf; its term is 0 in the limit.
        return -(logP.exp() * logP.masked_fill(logP.isinf(), 0)).sum(-1);
    }
}
