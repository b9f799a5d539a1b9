using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Training;

/// <summary>One batch forward and backward: adds to the gradients of what is trained.</summary>
internal interface IGradientPass
{
    /// <returns>The three terms, before they are weighed.</returns>
    LossTerms Run(TokenBatch batch, LossTerms weights);

    /// <summary>What there is of a pass that came to no end.</summary>
    void Forget();

    /// <summary>Router entropy of each MoE layer in the last pass, nats.</summary>
    IReadOnlyList<double> LayerEntropies { get; }
}

/// <summary>The terms of the loss, or their weights: loss = task + lambda entropy + beta balance.</summary>
internal readonly record struct LossTerms(double Task, double Entropy, double Balance)
{
    /// <summary>The sum, weighed.</summary>
    public double Weighed(LossTerms weights) => (weights.Task * Task) + (weights.Entropy * Entropy) + (weights.Balance * Balance);

    /// <summary>Term by term.</summary>
    public LossTerms Times(LossTerms other) => new(Task * other.Task, Entropy * other.Entropy, Balance * other.Balance);

    public static LossTerms operator +(LossTerms a, LossTerms b) => new(a.Task + b.Task, a.Entropy + b.Entropy, a.Balance + b.Balance);
}
