using System.Buffers;
using System.Runtime.InteropServices;

namespace SeerMoe.Tokenization.Steps;

/// <summary>
/// Byte-pair encoding: of all neighbours that merge, those of the lowest rank do, of equals the leftmost, until none is left.
/// <code>
/// merges: 0 "l o", 1 "lo w"      l o w e r  ->  lo w e r  ->  low e r
/// </code>
/// A queue ordered by (rank, position) makes that n log n, for a text that nothing cuts may be a book.
/// </summary>
internal sealed class BytePairs(FirstTokens first, MergeTable merges) : IEncodingStep
{
    private const int None = -1;

    private readonly PriorityQueue<int, ulong> _queue = new(); // positions; reused, so one text at a time

    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var most = FirstTokens.MostFor(text.Length);
        var buffer = ArrayPool<int>.Shared.Rent(3 * most);
        var tokens = buffer.AsSpan(0, most);
        var count = first.Write(text, tokens);
        var left = Merged(tokens[..count], buffer.AsSpan(most, count), buffer.AsSpan(2 * most, count));
        CollectionsMarshal.SetCount(ids, ids.Count + left);
        tokens[..left].CopyTo(CollectionsMarshal.AsSpan(ids)[^left..]);
        ArrayPool<int>.Shared.Return(buffer);
    }

    // Leaves the tokens at the beginning of their span and gives their number.
    private int Merged(Span<int> tokens, Span<int> previous, Span<int> next)
    {
        for (var at = 0; at < tokens.Length; at++)
        {
            previous[at] = at - 1;
            next[at] = at + 1 < tokens.Length ? at + 1 : None;
            Enqueue(at, tokens, next);
        }

        while (_queue.TryDequeue(out var at, out var priority))
        {
            // Either token may have gone into another since this was queued.
            var right = tokens[at] == None ? None : next[at];
            if (right == None || !merges.TryGet(tokens[at], tokens[right], out var merge) || Priority(merge, at) != priority)
            {
                continue;
            }

            tokens[at] = merge.Id;
            tokens[right] = None;
            next[at] = next[right];
            if (next[at] != None)
            {
                previous[next[at]] = at;
            }

            if (previous[at] != None)
            {
                Enqueue(previous[at], tokens, next);
            }

            Enqueue(at, tokens, next);
        }

        return Compact(tokens);
    }

    private void Enqueue(int at, ReadOnlySpan<int> tokens, ReadOnlySpan<int> next)
    {
        if (next[at] != None && merges.TryGet(tokens[at], tokens[next[at]], out var merge))
        {
            _queue.Enqueue(at, Priority(merge, at));
        }
    }

    private static ulong Priority(Merge merge, int at) => ((ulong)(uint)merge.Rank << 32) | (uint)at;

    private static int Compact(Span<int> tokens)
    {
        var count = 0;
        foreach (var token in tokens)
        {
            if (token != None)
            {
                tokens[count++] = token;
            }
        }

        return count;
    }
}
