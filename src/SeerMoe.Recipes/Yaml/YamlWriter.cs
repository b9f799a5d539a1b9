using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SeerMoe.Recipes.Yaml;

/// <summary>
/// Writes a tree as plain block YAML, one way for each tree.
/// <code>
/// stages:
///   - count:
///       data: calibration
///   - evaluate:
///       tasks: [perplexity, facts]
/// </code>
/// </summary>
internal static partial class YamlWriter
{
    private const int Step = 2;

    public static void Append(StringBuilder text, string key, JsonNode value, int indent)
    {
        text.Append(' ', indent);
        AppendEntry(text, key, value, indent);
    }

    private static void AppendEntry(StringBuilder text, string key, JsonNode value, int indent)
    {
        text.Append(key).Append(':');
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                foreach (var (name, item) in map)
                {
                    Append(text, name, item!, indent + Step);
                }

                break;
            case JsonArray list when list.Any(item => item is JsonObject):
                text.Append('\n');
                foreach (var item in list)
                {
                    AppendItem(text.Append(' ', indent + Step).Append("- "), item!, indent + Step + Step);
                }

                break;
            case JsonArray list:
                text.Append(" [").AppendJoin(", ", list.Select(item => Scalar(item!))).Append("]\n");
                break;
            case JsonObject:
                text.Append(" {}\n");
                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    // The first key after the dash stands two columns to the right of it, as all its other keys do.
    private static void AppendItem(StringBuilder text, JsonNode item, int indent)
    {
        if (item is not JsonObject map)
        {
            text.Append(Scalar(item)).Append('\n');
            return;
        }

        var isFirst = true;
        foreach (var (name, value) in map)
        {
            AppendEntry(isFirst ? text : text.Append(' ', indent), name, value!, indent);
            isFirst = false;
        }
    }

    private static string Scalar(JsonNode value) =>
        value.GetValueKind() == JsonValueKind.String ? Text(value.GetValue<string>()) : value.ToJsonString();

    /// <summary>Plain where every reader takes it for text, else in double quotes.</summary>
    public static string Text(string text) => PlainText().IsMatch(text) && text is not ("null" or "true" or "false") ? text : Quoted(text);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            quoted.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                0xFEFF or 0x2028 or 0x2029 => Escape(rune),
                _ => Rune.IsControl(rune) ? Escape(rune) : rune.ToString(),
            });
        }

        return quoted.Append('"').ToString();

        static string Escape(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
    }

    // Words and paths that no reader of YAML takes for anything but text.
    [GeneratedRegex(@"^(?=.*[A-Za-z])[A-Za-z_./][A-Za-z0-9_./-]*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PlainText();
}
