using static TorchSharp.torch;

namespace SeerMoe.Torch.Evaluation;

/// <summary>Told of every place that is scored. Places have numbers, in the one order in which a model scores the same requests.</summary>
internal interface IScoringObserver
{
    /// <param name="first">Number of the first of R places that follow each other.</param>
    /// <param name="states_RD">Input of the head there, each once.</param>
    /// <param name="logP_RV">Log-probabilities of the next token there, float32.</param>
    /// <returns>KL(base || this) at each place, nats; null where there is no base to compare with.</returns>
    double[]? Observe(long first, Tensor states_RD, Tensor logP_RV);

    /// <summary>Whether what was noted of so many places by an earlier process, which scored them, is there.</summary>
    bool Holds(long places);
}
