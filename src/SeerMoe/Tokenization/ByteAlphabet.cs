using System.Text;

namespace SeerMoe.Tokenization;

/// <summary>
/// The printable character that stands for each byte in the vocabulary of a byte-level tokenizer (GPT-2's table).
/// <code>
/// printable Latin-1 stands for itself:  'a' 61 -> "a"      '¡' A1 -> "¡"
/// the other 68 follow from U+0100:      00 -> "Ā"  20 (space) -> "Ġ"  0A (newline) -> "Ċ"
/// </code>
/// </summary>
public static class ByteAlphabet
{
    private static readonly char[] CharacterOfByte = Build();
    private static readonly short[] ByteOfCharacter = Invert();

    public static char Character(byte value) => CharacterOfByte[value];

    /// <summary>The bytes that a token stands for; a token with a character outside the alphabet (an added one) is its own text.</summary>
    public static byte[] Bytes(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            var value = token[i] < ByteOfCharacter.Length ? ByteOfCharacter[token[i]] : (short)-1;
            if (value < 0)
            {
                return Encoding.UTF8.GetBytes(token);
            }

            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static char[] Build()
    {
        var next = (char)256;
        return [.. Enumerable.Range(0, 256).Select(value => IsPrintable(value) ? (char)value : next++)];
    }

    private static short[] Invert()
    {
        var bytes = new short[CharacterOfByte.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++)
        {
            bytes[CharacterOfByte[value]] = (short)value;
        }

        return bytes;
    }

    private static bool IsPrintable(int value) => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
}
