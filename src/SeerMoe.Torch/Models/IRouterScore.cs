using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>From logits to what a family calls the probability of an expert. Masked experts have logit minus infinity and score 0.</summary>
public interface IRouterScore
{
    /// <summary>Whether the scores of a token sum to 1.</summary>
    bool SumsToOne { get; }

    /// <summary>[T, E] to [T, E] float32.</summary>
    Tensor Of(Tensor logits_TE);

    /// <summary>Entropy of the distribution, nats: [T, E] to [T] (SEER-MoE, arXiv 2404.05089: H = - sum over j of p_j ln p_j).</summary>
    Tensor Entropy(Tensor logits_TE);
}

/// <summary>exp(z_j) / sum of exp(z).</summary>
public sealed class SoftmaxScore : IRouterScore
{
    public bool SumsToOne => true;

    public Tensor Of(Tensor logits_TE) => softmax(logits_TE, -1);

    public Tensor Entropy(Tensor logits_TE) => RouterEntropy.OfLogarithms(log_softmax(logits_TE, -1));
}

/// <summary>1 / (1 + exp(-z_j)), each expert by itself (DeepSeek-V3, arXiv 2412.19437, eq. 15). The entropy is of the scores divided by their sum.</summary>
public sealed class SigmoidScore : IRouterScore
{
    public bool SumsToOne => false;

    public Tensor Of(Tensor logits_TE) => logits_TE.sigmoid();

    // ln sigmoid(z) = -softplus(-z), finite wherever z is; p = sigmoid / sum is then a softmax of it.
    public Tensor Entropy(Tensor logits_TE) => RouterEntropy.OfLogarithms(log_softmax(logsigmoid(logits_TE), -1));
}
