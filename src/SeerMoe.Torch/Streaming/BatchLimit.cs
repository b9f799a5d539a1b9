using System.Runtime.InteropServices;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>
/// How much of a batch a device takes at once: all of it until memory runs out, from then on no more than half of what failed.
/// <code>
/// 8 sequences     out of memory     4: done     4: done
/// the next 8      4: out of memory  2: done     2: done     2: done  2: done
/// </code>
/// Rows are computed alike in batches of every size but for their last bits, so each halving is told.
/// </summary>
/// <param name="trial">Called before each attempt: tests throw there what libtorch would. Null for nobody.</param>
public sealed class BatchLimit(Action<TokenBatch>? trial = null)
{
    private long _mostTokens = long.MaxValue;

    /// <summary>Called with each halving, in a sentence for the user; null for nobody.</summary>
    internal Action<string>? Told { get; set; }

    /// <summary>[B, S, D] to what <paramref name="work"/> makes of it, of the same shape, in as many parts as memory asks for.</summary>
    /// <param name="work">Gets some of the sequences. It may be called again with half of them, so nothing else may come of it before it returns.</param>
    /// <param name="keepsInput">Whether somebody needs the input afterwards; else parts of the result take its place.</param>
    public Tensor Run(Tensor x_BSD, TokenBatch batch, Func<Tensor, TokenBatch, Tensor> work, bool keepsInput = false)
    {
        Tensor? whole = null;
        Tensor? parts = null;
        long next = 0;
        Each(x_BSD, batch, work, y_PSD =>
        {
            if (y_PSD.shape[0] == batch.Sequences)
            {
                whole = y_PSD;
                return;
            }

            // In the place of what it was made of, where that may be: there is hardly memory for both.
            using (y_PSD)
            {
                parts ??= keepsInput ? empty_like(x_BSD) : x_BSD.alias();
                parts.narrow(0, next, y_PSD.shape[0]).copy_(y_PSD);
                next += y_PSD.shape[0];
            }
        });
        return whole ?? parts!;
    }

    /// <summary>The same part by part, in order.</summary>
    /// <param name="done">Takes the result over, in the caller's dispose scope.</param>
    public void Each(Tensor x_BSD, TokenBatch batch, Func<Tensor, TokenBatch, Tensor> work, Action<Tensor> done)
    {
        if (Fits(batch.Sequences, batch.Length) && Attempt(x_BSD, batch, work) is { } whole)
        {
            done(whole);
            return;
        }

        var half = batch.Sequences / 2;
        foreach (var (start, count) in new[] { (0, half), (half, batch.Sequences - half) })
        {
            using var part = batch.Part(start, count);
            using var x_PSD = x_BSD.narrow(0, start, count);
            Each(x_PSD, part, work, done);
        }
    }

    /// <summary>The batch in parts that fit as far as is known; itself where it fits whole, else the caller disposes them.</summary>
    internal IEnumerable<TokenBatch> Parts(TokenBatch batch)
    {
        return Fits(batch.Sequences, batch.Length) ? [batch] : Split(0, batch.Sequences);

        IEnumerable<TokenBatch> Split(long start, long count) => Fits(count, batch.Length)
            ? [batch.Part(start, count)]
            : [.. Split(start, count / 2), .. Split(start + (count / 2), count - (count / 2))];
    }

    /// <summary>Before an attempt of somebody else's.</summary>
    internal void Try(TokenBatch batch) => trial?.Invoke(batch);

    /// <summary>After one that failed.</summary>
    /// <exception cref="InputException">It was a single sequence.</exception>
    internal void Halve(TokenBatch batch, Exception error)
    {
        if (batch.Sequences == 1)
        {
            throw OutOfMemory.Refused(error);
        }

        var half = batch.Sequences / 2;
        _mostTokens = (batch.Sequences - half) * batch.Length;
        Told?.Invoke($"Memory ran out in a pass of {batch.Sequences} sequences of {batch.Length} tokens: {half} at a time from here on. Last bits may differ from a run with more memory; batch {half} from the start can be repeated bit by bit.");
    }

    private bool Fits(long sequences, long length) => sequences == 1 || sequences * length <= _mostTokens;

    /// <returns>Null where memory ran out.</returns>
    private Tensor? Attempt(Tensor x_BSD, TokenBatch batch, Func<Tensor, TokenBatch, Tensor> work)
    {
        try
        {
            using var scope = NewDisposeScope();
            Try(batch);
            return work(x_BSD, batch).MoveToOuterDisposeScope();
        }
        catch (ExternalException error) when (OutOfMemory.Is(error))
        {
            Halve(batch, error);
            return null;
        }
    }
}
