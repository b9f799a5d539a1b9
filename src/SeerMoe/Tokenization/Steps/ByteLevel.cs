using System.Buffers;
using System.Text;

namespace SeerMoe.Tokenization.Steps;

/// <summary>Writes the character of <see cref="ByteAlphabet"/> for each byte of the text.</summary>
internal sealed class ByteLevel(IEncodingStep next) : IEncodingStep
{
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, bytes);
        var written = ArrayPool<char>.Shared.Rent(length);
        for (var i = 0; i < length; i++)
        {
            written[i] = ByteAlphabet.Character(bytes[i]);
        }

        next.Encode(written.AsSpan(0, length), ids);
        ArrayPool<byte>.Shared.Return(bytes);
        ArrayPool<char>.Shared.Return(written);
    }
}
