using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace SeerMoe.Recipes.Reporting;

/// <summary>
/// A piece of HTML or SVG, written as an interpolated string. What is put into one is escaped unless it is such a piece itself, so no name in a
/// recipe can become markup.
/// <code>
/// Html cell = $"&lt;td&gt;{name}&lt;/td&gt;";            name "a &lt; b" gives &lt;td&gt;a &amp;lt; b&lt;/td&gt;
/// Html row = $"&lt;tr&gt;{cell}{cell}&lt;/tr&gt;";      pieces stay as they are
/// </code>
/// </summary>
[InterpolatedStringHandler]
public sealed class Html(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 8));

    /// <summary>Nothing.</summary>
    public static Html None => Of($"");

    /// <summary>Says that an interpolated string is one where the compiler would take it for text.</summary>
    public static Html Of(Html piece) => piece;

    /// <summary>One piece for each item.</summary>
    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> piece) => Of($"{items.Select(piece)}");

    /// <summary>The same with the item's number, from 0.</summary>
    public static Html Each<T>(IEnumerable<T> items, Func<T, int, Html> piece) => Of($"{items.Select(piece)}");

    /// <summary>The piece, or nothing.</summary>
    public static Html If(bool holds, Func<Html> piece) => holds ? piece() : None;

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(Html piece) => _text.Append(piece._text);

    public void AppendFormatted(IEnumerable<Html> pieces)
    {
        foreach (var piece in pieces)
        {
            AppendFormatted(piece);
        }
    }

    /// <summary>Escaped; characters that no document may hold become U+FFFD.</summary>
    public void AppendFormatted(string? text)
    {
        foreach (var character in text ?? "")
        {
            _ = character switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                < ' ' and not ('\n' or '\t') => _text.Append('\uFFFD'),
                _ => _text.Append(character),
            };
        }
    }

    /// <summary>A number as text.</summary>
    public void AppendFormatted(IFormattable number, string format) => AppendFormatted(number.ToString(format, CultureInfo.InvariantCulture));

    public void AppendFormatted(long number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

    /// <summary>A coordinate: hundredths are finer than any screen.</summary>
    public void AppendFormatted(double coordinate) => _text.Append((Math.Round(coordinate, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
