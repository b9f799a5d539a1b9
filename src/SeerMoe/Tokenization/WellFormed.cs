using System.Text;

namespace SeerMoe.Tokenization;

/// <summary>Text without lone surrogates: they have no bytes in UTF-8, so they become U+FFFD, as they would in any file.</summary>
internal static class WellFormed
{
    public static string Text(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0
        ? text
        : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
