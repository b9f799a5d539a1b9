using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// The base at work: spills the input of its head at every scored place, D float32 each. Its log-probabilities follow from that by one
/// multiplication, and would be V numbers each: 32,000 to 200,000 instead of some thousand.
/// </summary>
internal sealed class BaseStatesWriter(string path, int hidden) : IScoringObserver, IDisposable
{
    private readonly FileStream _file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);

    public double[]? Observe(long first, Tensor states_RD, Tensor logP_RV)
    {
        using var scope = NewDisposeScope();
        _file.Position = first * hidden * sizeof(float);
        _file.Write(MemoryMarshal.AsBytes(states_RD.to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray().AsSpan()));

        // Before the scores of the batch are noted: a process that is killed in between has written too much, never too little.
        _file.Flush();
        return null;
    }

    public bool Holds(long places) => places * hidden * sizeof(float) <= _file.Length;

    public void Dispose() => _file.Dispose();
}
