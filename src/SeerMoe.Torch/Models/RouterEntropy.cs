using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>H(x) = - sum over j of p_j ln p_j, nats, over the experts that are there (SEER-MoE, arXiv 2404.05089).</summary>
public static class RouterEntropy
{
    /// <summary>ln p [T, E], minus infinity at masked experts, to [T].</summary>
    /// <remarks>A masked expert has p = 0 and ln p = -inf; its term is 0 in the limit.</remarks>
    public static Tensor OfLogarithms(Tensor logP_TE) => -(logP_TE.exp() * logP_TE.masked_fill(logP_TE.isinf(), 0)).sum(-1);
}
