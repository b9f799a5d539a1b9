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
    private static readonly Dictionary<char, byte> ByteOfCharacter =
        Enumerable.Range(0, 256).ToDictionary(value => CharacterOfByte[value], value => (byte)value);

    public static char Character(byte value) => CharacterOfByte[value];

    /// <summary>The bytes that a token stands for; a token with a character outside the alphabet (an added one) is its own text.</summary>
    public static byte[] Bytes(string token) => token.All(ByteOfCharacter.ContainsKey)
        ? [.. token.Select(character => ByteOfCharacter[character])]
        : Encoding.UTF8.GetBytes(token);

    private static char[] Build()
    {
        var next = (char)256;
        return [.. Enumerable.Range(0, 256).Select(value => IsPrintable(value) ? (char)value : next++)];
    }

    private static bool IsPrintable(int value) => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
}
