using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>One sequence of token ids; a null mask means that every token is real.</summary>
/// <param name="Ids">Token ids, length S.</param>
/// <param name="Mask">True where the token is real, false where it is padding.</param>
public sealed record TokenSequence(int[] Ids, bool[]? Mask = null)
{
    public bool IsReal(int position) => Mask is null || Mask[position];

    /// <summary>True where the token is to be learned, false in a prompt; null is all.</summary>
    public bool[]? Learned { get; init; }

    /// <summary>Whether the token at a position is a prediction that training learns from.</summary>
    public bool IsLearned(int position) => IsPrediction(position) && (Learned is null || Learned[position]);

    public int RealTokens => Mask?.Count(real => real) ?? Ids.Length;

    /// <summary>Whether the token at a position is a prediction: it and the one before it are real.</summary>
    public bool IsPrediction(int position) => position > 0 && IsReal(position) && IsReal(position - 1);
}

/// <summary>
/// Sequences of a forward pass, padded on the right to the longest. Positions count from 0 for every sequence,
/// left padding included: rotary embeddings are relative, so real tokens see the same numbers.
/// </summary>
public sealed class TokenBatch : IDisposable
{
    private readonly bool _padded;

    private TokenBatch(Tensor ids, Tensor real, Tensor predicted, Tensor realRows, bool padded, long start, long wholeLength)
    {
        (Ids, Real, Predicted, RealRows) = (ids, real, predicted, realRows);
        (Start, WholeLength) = (start, wholeLength);
        _padded = padded;
    }

    /// <summary>[B, S] int64; 0 at padding.</summary>
    public Tensor Ids { get; }

    /// <summary>[B, S] bool, true at real tokens.</summary>
    public Tensor Real { get; }

    /// <summary>[B, S] bool, true at the tokens that training learns to predict.</summary>
    public Tensor Predicted { get; }

    /// <summary>[T] int64: flat positions (b * S + s) of the real tokens; null when there is no padding.</summary>
    public Tensor? RealRowsOrNull => _padded ? RealRows : null;

    public long Sequences => Ids.shape[0];

    public long Length => Ids.shape[1];

    /// <summary>P, tokens that stand before each sequence and whose keys and values are at hand.</summary>
    public long Start { get; }

    /// <summary>Tokens of the longest sequence that the pass is a part of: some families choose their rotary frequencies by it.</summary>
    public long WholeLength { get; }

    private Tensor RealRows { get; }

    /// <param name="sequences">Without what stands before them.</param>
    /// <param name="start">Tokens that stand before each.</param>
    /// <param name="wholeLength">Tokens of the longest sequence that this is a part of; null for what stands here.</param>
    public static TokenBatch Of(IReadOnlyList<TokenSequence> sequences, Device device, long start = 0, long? wholeLength = null)
    {
        var length = sequences.Max(sequence => sequence.Ids.Length);
        var ids = new long[sequences.Count * length];
        var real = new bool[sequences.Count * length];
        var predicted = new bool[sequences.Count * length];
        for (var b = 0; b < sequences.Count; b++)
        {
            for (var s = 0; s < sequences[b].Ids.Length; s++)
            {
                real[(b * length) + s] = sequences[b].IsReal(s);
                predicted[(b * length) + s] = sequences[b].IsLearned(s);
                ids[(b * length) + s] = sequences[b].Ids[s];
            }
        }

        var rows = new List<long>();
        for (var row = 0; row < real.Length; row++)
        {
            if (real[row])
            {
                rows.Add(row);
            }
        }

        return new TokenBatch(
            Owned(tensor(ids, [sequences.Count, length], device: device)),
            Owned(tensor(real, [sequences.Count, length], device: device)),
            Owned(tensor(predicted, [sequences.Count, length], device: device)),
            Owned(tensor(rows.ToArray(), device: device)),
            padded: rows.Count < real.Length,
            start,
            wholeLength ?? start + length);
    }

    /// <summary>The same on another device; null where it is there already.</summary>
    public TokenBatch? Moved(Device device) => Ids.device.IsSame(device)
        ? null
        : new TokenBatch(Owned(Ids.to(device)), Owned(Real.to(device)), Owned(Predicted.to(device)), Owned(RealRows.to(device)), _padded, Start, WholeLength);

    /// <summary>Some of the sequences, as long as all of them are together.</summary>
    public TokenBatch Part(long start, long count)
    {
        using var scope = NewDisposeScope();
        var real = Real.narrow(0, start, count);
        var rows = real.flatten().nonzero().flatten();
        return new TokenBatch(
            Owned(Ids.narrow(0, start, count)),
            Owned(real),
            Owned(Predicted.narrow(0, start, count)),
            Owned(rows),
            padded: rows.shape[0] < count * Length,
            Start,
            WholeLength);
    }

    /// <summary>
    /// Which key (last dimension) each query sees: [1 or B, 1, S, P + S] bool, or null when plain causal attention says it all.
    /// A padded query sees itself, so that its softmax is finite; nobody reads its result.
    /// </summary>
    /// <param name="slidingWindow">Query i sees key j iff i - j is less than this; null for no limit.</param>
    public Tensor? AttentionMask(int? slidingWindow)
    {
        var (length, keys) = (Length, Start + Length);
        if (!_padded && Start == 0 && (slidingWindow is null || slidingWindow >= length))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var all = ones(length, keys, ScalarType.Bool, Ids.device);
        var visible = all.tril(Start);
        if (slidingWindow is { } window && window < keys)
        {
            visible = visible.logical_and(all.triu(Start + 1 - window));
        }

        visible = visible.view(1, 1, length, keys);
        if (_padded)
        {
            var before = ones(Sequences, Start, ScalarType.Bool, Ids.device);
            visible = visible.logical_and(cat([before, Real], 1).view(Sequences, 1, 1, keys))
                .logical_or(eye(keys, dtype: ScalarType.Bool, device: Ids.device).narrow(0, Start, length).view(1, 1, length, keys));
        }

        return visible.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Ids.Dispose();
        Real.Dispose();
        Predicted.Dispose();
        RealRows.Dispose();
    }

    private static Tensor Owned(Tensor tensor) => tensor.DetachFromDisposeScope();
}
