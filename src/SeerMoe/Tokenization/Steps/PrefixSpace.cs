using System.Buffers;

namespace SeerMoe.Tokenization.Steps;

/// <summary>Puts a space before a text that does not begin with one, so that its first word is like any other.</summary>
internal sealed class PrefixSpace(IEncodingStep next) : IEncodingStep
{
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        if (text[0] == ' ')
        {
            next.Encode(text, ids);
            return;
        }

        var written = ArrayPool<char>.Shared.Rent(text.Length + 1);
        written[0] = ' ';
        text.CopyTo(written.AsSpan(1));
        next.Encode(written.AsSpan(0, text.Length + 1), ids);
        ArrayPool<char>.Shared.Return(written);
    }
}
