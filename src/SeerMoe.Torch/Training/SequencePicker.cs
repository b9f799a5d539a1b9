using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Training;

/// <summary>Which sequences each step sees.</summary>
public sealed class SequencePicker(IReadOnlyList<TokenSequence> sequences, TrainOptions options)
{
    private int[] _epochOrder = [];
    private long _epoch = -1;

    /// <summary>The sequences of each pass of a step.</summary>
    /// <param name="step">Counted from 0.</param>
    public IEnumerable<TokenSequence[]> Passes(int step)
    {
        var whole = options.Batch * options.Accumulate;
        return Enumerable.Range(0, whole).Select(i => sequences[Position(((long)step * whole) + i)]).Chunk(options.Batch);
    }

    private int Position(long taken)
    {
        var (epoch, index) = Math.DivRem(taken, sequences.Count);
        if (options.Order == SequenceOrder.File)
        {
            return (int)index;
        }

        if (epoch != _epoch)
        {
            _epochOrder = SeededOrder.Of(sequences.Count, options.Seed, epoch);
            _epoch = epoch;
        }

        return _epochOrder[index];
    }
}
