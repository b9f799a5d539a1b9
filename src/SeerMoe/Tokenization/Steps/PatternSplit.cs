using System.Buffers;

namespace SeerMoe.Tokenization.Steps;

/// <summary>Cuts text by a pattern; each piece goes on alone, so that the patterns of later steps see no more than it.</summary>
internal sealed class PatternSplit(CodePointPattern pattern, SplitBehavior behavior, Delimiters delimiters, IEncodingStep next) : IEncodingStep
{
    private readonly RememberedPieces _remembered = new(next);

    public SplitBehavior Behavior => behavior;

    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        if (pattern.SeesAsItIs(text))
        {
            Split(text, text, [], ids);
            return;
        }

        var seen = ArrayPool<char>.Shared.Rent(text.Length);
        var offsets = ArrayPool<int>.Shared.Rent(text.Length + 1);
        var length = pattern.Write(text, seen, offsets);
        Split(text, seen.AsSpan(0, length), offsets.AsSpan(0, length + 1), ids);
        ArrayPool<char>.Shared.Return(seen);
        ArrayPool<int>.Shared.Return(offsets);
    }

    /// <summary>A text that was not cut is remembered, if at all, before this step.</summary>
    public void HandOn(ReadOnlySpan<char> text, int start, int end, List<int> ids)
    {
        if (end - start == text.Length)
        {
            next.Encode(text, ids);
        }
        else
        {
            _remembered.Encode(text[start..end], ids);
        }
    }

    private void Split(ReadOnlySpan<char> text, ReadOnlySpan<char> seen, ReadOnlySpan<int> offsets, List<int> ids)
    {
        var pieces = new SplitPieces(this, text, offsets, ids);
        var end = 0;
        foreach (var match in pattern.Regex.EnumerateMatches(seen))
        {
            if (match.Length == 0 && match.Index == end && end > 0)
            {
                continue; // an empty match right behind another one is none to Oniguruma
            }

            if (match.Index > end)
            {
                pieces.Add(end, match.Index, delimiters == Delimiters.Gaps);
            }

            end = match.Index + match.Length;
            pieces.Add(match.Index, end, delimiters == Delimiters.Matches);
        }

        if (end < seen.Length)
        {
            pieces.Add(end, seen.Length, delimiters == Delimiters.Gaps);
        }

        pieces.Close();
    }
}
