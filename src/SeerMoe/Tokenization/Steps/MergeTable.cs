using System.Numerics;

namespace SeerMoe.Tokenization.Steps;

/// <summary>Which pairs of tokens merge, how early, and into what. A hash table of two flat arrays: it is asked for every pair of every new word.</summary>
internal sealed class MergeTable
{
    private const ulong Empty = ulong.MaxValue;

    private readonly ulong[] _pairs;
    private readonly Merge[] _merges;
    private readonly int _shift;

    /// <param name="merges">Of two for the same pair the later one counts.</param>
    public MergeTable(IReadOnlyCollection<(int Left, int Right, Merge Merge)> merges)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, merges.Count * 2));
        _shift = 64 - BitOperations.Log2(size);
        _pairs = new ulong[size];
        _merges = new Merge[size];
        Array.Fill(_pairs, Empty);
        foreach (var (left, right, merge) in merges)
        {
            var slot = Slot(Pair(left, right));
            (_pairs[slot], _merges[slot]) = (Pair(left, right), merge);
        }
    }

    public bool TryGet(int left, int right, out Merge merge)
    {
        var slot = Slot(Pair(left, right));
        merge = _merges[slot];
        return _pairs[slot] != Empty;
    }

    private static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    // The slot that holds the pair, else the empty one where it would stand.
    private int Slot(ulong pair)
    {
        var slot = (int)((pair * 0x9E3779B97F4A7C15) >> _shift);
        while (_pairs[slot] != pair && _pairs[slot] != Empty)
        {
            slot = (slot + 1) & (_pairs.Length - 1);
        }

        return slot;
    }
}

/// <summary>Two tokens become one; of several that could, the one of the lowest rank does so first, of equals the leftmost.</summary>
internal readonly record struct Merge(int Rank, int Id);
