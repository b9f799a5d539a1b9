using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Which K experts a token is sent to.</summary>
public interface IExpertSelection
{
    /// <summary>[T, E] to expert numbers [T, K] int64, best first.</summary>
    Tensor Choose(Tensor logits_TE, Tensor scores_TE, int k);
}

/// <summary>The K best scores.</summary>
public sealed class BestScores : IExpertSelection
{
    public Tensor Choose(Tensor logits_TE, Tensor scores_TE, int k) => scores_TE.topk(k, -1).indexes;
}

/// <summary>The K best logits: the same, but for scores that round to one number.</summary>
public sealed class BestLogits : IExpertSelection
{
    public Tensor Choose(Tensor logits_TE, Tensor scores_TE, int k) => logits_TE.topk(k, -1).indexes;
}

/// <summary>The K best of score + bias, which steers the load and never weighs an output (DeepSeek-V3, arXiv 2412.19437, eq. 16).</summary>
/// <param name="bias">[E] float32; a masked expert stays out whatever its bias.</param>
public sealed class BestBiasedScores(Tensor bias) : IExpertSelection
{
    public Tensor Choose(Tensor logits_TE, Tensor scores_TE, int k) => Biased(logits_TE, scores_TE, bias).topk(k, -1).indexes;

    /// <summary>score + bias, minus infinity at masked experts.</summary>
    public static Tensor Biased(Tensor logits_TE, Tensor scores_TE, Tensor bias_E) =>
        (scores_TE + bias_E).masked_fill(logits_TE == double.NegativeInfinity, double.NegativeInfinity);
}
