using System.Buffers;

namespace SeerMoe.Tokenization.Steps;

/// <summary>Writes a visible character (mostly "▁") for each space, and one more before a text that does not begin with it.</summary>
internal sealed class Metaspace(char replacement, Prefixing prefixing, IEncodingStep next) : IEncodingStep
{
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var written = ArrayPool<char>.Shared.Rent(text.Length + 1);
        var start = prefixing == Prefixing.Always && text[0] != ' ' && text[0] != replacement ? 1 : 0;
        written[0] = replacement;
        text.Replace(written.AsSpan(start), ' ', replacement);
        next.Encode(written.AsSpan(0, start + text.Length), ids);
        ArrayPool<char>.Shared.Return(written);
    }
}

/// <summary>Whether a text gets a character before it.</summary>
internal enum Prefixing
{
    Never,
    Always,
}
