using System.Text;

namespace SeerMoe.Tokenization;

/// <summary>
/// Unicode normalization form C (UAX #15): decompose, order the marks, compose. Our own because .NET's is a no-op wherever
/// globalization is invariant, and follows the ICU of the machine elsewhere; token ids may depend on neither.
/// <code>
/// q + U+0307 (above) + U+0323 (below)   marks in order of class: below 220, above 230
/// q + U+0323 + U+0307                   no composite of q exists, so this stays
/// e + U+0301                            -> é
/// </code>
/// </summary>
public static class CanonicalComposition
{
    // Hangul syllables are arithmetic: S = SBase + (L * VCount + V) * TCount + T.
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7;
    private const int LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    private static CanonicalMappings Mappings => CanonicalMappings.Unicode;

    /// <summary>The same string where it is in form C already, which is nearly always.</summary>
    public static string Normalize(string text)
    {
        StringBuilder? normalized = null;
        var copied = 0;
        while (UnsettledRun.Find(text, copied) is { } run)
        {
            normalized ??= new StringBuilder(text.Length);
            normalized.Append(text, copied, run.Start - copied);
            Append(normalized, Compose(Ordered(Decompose(text[run.Start..run.End]))));
            copied = run.End;
        }

        return normalized is null ? text : normalized.Append(text, copied, text.Length - copied).ToString();
    }

    private static List<int> Decompose(string text)
    {
        var parts = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            AddParts(rune.Value, parts);
        }

        return parts;
    }

    private static void AddParts(int codePoint, List<int> parts)
    {
        if (codePoint is >= SBase and < SBase + SCount)
        {
            var syllable = codePoint - SBase;
            parts.Add(LBase + (syllable / (VCount * TCount)));
            parts.Add(VBase + (syllable % (VCount * TCount) / TCount));
            if (syllable % TCount > 0)
            {
                parts.Add(TBase + (syllable % TCount));
            }
        }
        else if (Mappings.TryParts(codePoint, out var ownParts))
        {
            foreach (var part in ownParts)
            {
                AddParts(part, parts);
            }
        }
        else
        {
            parts.Add(codePoint);
        }
    }

    // Stable insertion sort of each run of marks; a starter (class 0) is never passed.
    private static List<int> Ordered(List<int> codePoints)
    {
        for (var i = 1; i < codePoints.Count; i++)
        {
            var mark = codePoints[i];
            var rank = Mappings.CombiningClass(mark);
            var to = i;
            while (rank != 0 && to > 0 && Mappings.CombiningClass(codePoints[to - 1]) > rank)
            {
                codePoints[to] = codePoints[to - 1];
                to--;
            }

            codePoints[to] = mark;
        }

        return codePoints;
    }

    private static List<int> Compose(List<int> codePoints)
    {
        var composed = new List<int>(codePoints.Count);
        var starter = -1;
        foreach (var codePoint in codePoints)
        {
            // A mark is blocked from its starter by one of its own class or higher between them, a starter by anything.
            var rank = Mappings.CombiningClass(codePoint);
            var isFree = starter >= 0 && (starter == composed.Count - 1 || Mappings.CombiningClass(composed[^1]) < rank);
            if (isFree && TryCompose(composed[starter], codePoint, out var whole))
            {
                composed[starter] = whole;
                continue;
            }

            starter = rank == 0 ? composed.Count : starter;
            composed.Add(codePoint);
        }

        return composed;
    }

    private static bool TryCompose(int first, int second, out int whole)
    {
        if (first is >= LBase and < LBase + LCount && second is >= VBase and < VBase + VCount)
        {
            whole = SBase + ((((first - LBase) * VCount) + second - VBase) * TCount);
            return true;
        }

        if (first is >= SBase and < SBase + SCount && (first - SBase) % TCount == 0 && second is > TBase and < TBase + TCount)
        {
            whole = first + second - TBase;
            return true;
        }

        return Mappings.TryWhole(first, second, out whole);
    }

    private static void Append(StringBuilder text, List<int> codePoints)
    {
        foreach (var codePoint in codePoints)
        {
            text.Append(new Rune(codePoint));
        }
    }
}
