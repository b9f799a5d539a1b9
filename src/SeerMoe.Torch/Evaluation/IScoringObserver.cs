using static TorchSharp.torch;

namespace SeerMoe.Torch.Evaluation;

/// <summary>Told of every place that is scored, in the one order in which a model scores the same requests.</summary>
internal interface IScoringObserver
{
    /// <param name="states_RD">Input of the head at R places, each once.</param>
    /// <param name="logP_RV">Log-probabilities of the next token there, float32.</param>
    /// <returns>KL(base || this) at each place, nats; null where there is no base to compare with.</returns>
    double[]? Observe(Tensor states_RD, Tensor logP_RV);

    /// <summary>So many places were scored by an earlier process and come no more.</summary>
    /// <returns>Whether what was noted of them is there.</returns>
    bool Skip(int places);
}
