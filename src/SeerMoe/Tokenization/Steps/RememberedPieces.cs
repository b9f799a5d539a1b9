using System.Runtime.InteropServices;

namespace SeerMoe.Tokenization.Steps;

/// <summary>Gives the ids of a piece that came before without doing the next steps again: text is made of few words.</summary>
internal sealed class RememberedPieces : IEncodingStep
{
    private const int LongestPiece = 48;
    private const int MostPieces = 1 << 17; // some 15 MB

    private readonly IEncodingStep _next;
    private readonly Dictionary<string, int[]> _idsOfPiece = [];
    private readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public RememberedPieces(IEncodingStep next)
    {
        _next = next;
        _lookup = _idsOfPiece.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        if (text.Length > LongestPiece)
        {
            _next.Encode(text, ids);
        }
        else if (_lookup.TryGetValue(text, out var known))
        {
            ids.AddRange(known.AsSpan());
        }
        else
        {
            var start = ids.Count;
            _next.Encode(text, ids);
            Remember(text, CollectionsMarshal.AsSpan(ids)[start..]);
        }
    }

    // Full, it starts over: the words of the text at hand come back soonest.
    private void Remember(ReadOnlySpan<char> text, ReadOnlySpan<int> ids)
    {
        if (_idsOfPiece.Count == MostPieces)
        {
            _idsOfPiece.Clear();
        }

        _lookup[text] = ids.ToArray();
    }
}
