using System.Globalization;

namespace SeerMoe.Tokenization;

/// <summary>The token that stands for one byte where a character has no token: "&lt;0x0A>".</summary>
internal static class ByteToken
{
    public static string Of(byte value) => $"<0x{value:X2}>";

    public static bool TryParse(string token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
