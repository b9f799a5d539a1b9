using System.Text;

namespace SeerMoe.Tokenization.Steps;

/// <summary>
/// The tokens from which merging starts: one for each character, and for a character without a token those of its bytes, else the
/// unknown token, else nothing.
/// </summary>
/// <param name="CharacterIds">By code point.</param>
/// <param name="ByteIds">Of the tokens &lt;0x00&gt; to &lt;0xFF&gt;, null where bytes are no way out; -1 for one that is missing.</param>
/// <param name="Unknown">Null where there is none.</param>
internal sealed record FirstTokens(IReadOnlyDictionary<int, int> CharacterIds, int[]? ByteIds, int? Unknown, UnknownRuns Runs)
{
    /// <summary>A character may become nothing, so that its neighbours become each other's.</summary>
    public bool DropsCharacters => Unknown is null && (ByteIds is null || ByteIds.Contains(-1));

    /// <summary>Never more than this for a text of so many UTF-16 units: three bytes each.</summary>
    public static int MostFor(int length) => 3 * length;

    /// <summary>The token of each byte by its name in the vocabulary.</summary>
    public static int[] BytesOf(IReadOnlyDictionary<string, int> vocabulary) =>
        [.. Enumerable.Range(0, 256).Select(value => vocabulary.TryGetValue(ByteToken.Of((byte)value), out var id) ? id : -1)];

    /// <summary>Gives how many were written.</summary>
    public int Write(ReadOnlySpan<char> text, Span<int> ids)
    {
        var count = 0;
        var pending = false; // an unknown token that the next unknown character may join; known characters put it before them
        foreach (var rune in text.EnumerateRunes())
        {
            if (CharacterIds.TryGetValue(rune.Value, out var id))
            {
                Flush(ids, ref count, ref pending);
                ids[count++] = id;
            }
            else if (!TryWriteBytes(rune, ids, ref count) && Unknown is not null)
            {
                if (Runs == UnknownRuns.Apart)
                {
                    Flush(ids, ref count, ref pending);
                }

                pending = true;
            }
        }

        Flush(ids, ref count, ref pending);
        return count;
    }

    private bool TryWriteBytes(Rune rune, Span<int> ids, ref int count)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..rune.EncodeToUtf8(bytes)];
        foreach (var value in bytes)
        {
            if (ByteIds is null || ByteIds[value] < 0)
            {
                return false;
            }
        }

        foreach (var value in bytes)
        {
            ids[count++] = ByteIds![value];
        }

        return true;
    }

    private void Flush(Span<int> ids, ref int count, ref bool pending)
    {
        if (pending)
        {
            ids[count++] = Unknown!.Value;
            pending = false;
        }
    }
}

/// <summary>What several unknown characters in a row become.</summary>
internal enum UnknownRuns
{
    Apart,
    Fused,
}
