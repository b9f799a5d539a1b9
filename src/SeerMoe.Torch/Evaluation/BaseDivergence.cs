using System.Runtime.InteropServices;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// How far a model's predictions are from its base's, place by place, while the model is scored: the base's own pass is not repeated.
/// <code>
/// KL(base || model) = sum over v of p_base(v) (ln p_base(v) - ln p_model(v))      nats
/// </code>
/// </summary>
/// <param name="path">What a <see cref="BaseStatesWriter"/> left of the same requests.</param>
/// <param name="hidden">D of the base.</param>
/// <param name="head">The base's.</param>
internal sealed class BaseDivergence(string path, int hidden, ModelEnds head) : IScoringObserver, IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    public double[]? Observe(long first, Tensor states_RD, Tensor logP_RV)
    {
        var places = states_RD.shape[0];
        var numbers = new float[places * hidden];
        _file.Position = first * hidden * sizeof(float);
        _file.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        using var scope = NewDisposeScope();

        // The clone lies in libtorch's own memory, aligned: products of unaligned rows differ in their last bits from one call to the next.
        var base_RD = tensor(numbers, [places, hidden]).clone().to(head.HeadDevice).to_type(states_RD.dtype);
        var base_RV = log_softmax(head.Logits(base_RD), -1).On(logP_RV.device);
        var divergence = (base_RV.exp() * (base_RV - logP_RV)).sum(-1, type: ScalarType.Float64);

        // Below zero is rounding: predictions that are the same but for their last bits.
        return divergence.clamp_min(0).cpu().data<double>().ToArray();
    }

    public bool Holds(long places) => true;

    public void Dispose() => _file.Dispose();
}
