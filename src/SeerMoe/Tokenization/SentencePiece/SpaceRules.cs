using System.Text;

namespace SeerMoe.Tokenization.SentencePiece;

/// <summary>The normalizer of a SentencePiece model, as far as it is about spaces; one that rewrites characters is refused.</summary>
/// <param name="AddsPrefix">A space before the text, so that its first word is like any other.</param>
/// <param name="RemovesExtra">Runs of spaces become one, none stays at either end.</param>
/// <param name="Escapes">A space is written "▁".</param>
internal sealed record SpaceRules(bool AddsPrefix, bool RemovesExtra, bool Escapes)
{
    private const char Escaped = '▁';

    private char Space => Escapes ? Escaped : ' ';

    public static SpaceRules Parse(ReadOnlySpan<byte> message)
    {
        var (rules, name, rewrites) = (new SpaceRules(AddsPrefix: true, RemovesExtra: true, Escapes: true), "", false);
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    name = Encoding.UTF8.GetString(fields.Bytes());
                    break;
                case 2:
                    rewrites = fields.Bytes().Length > 0;
                    break;
                case 3:
                    rules = rules with { AddsPrefix = fields.Bool() };
                    break;
                case 4:
                    rules = rules with { RemovesExtra = fields.Bool() };
                    break;
                case 5:
                    rules = rules with { Escapes = fields.Bool() };
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return rewrites ? throw new NotSupportedException($"normalizer {name}") : rules;
    }

    public string Normalize(string text)
    {
        text = RemovesExtra ? text.TrimStart(' ') : text;
        if (text.Length == 0)
        {
            return text;
        }

        var prefix = AddsPrefix ? Space.ToString() : "";
        return RemovesExtra ? (prefix + WithoutRuns(text)).TrimEnd(Space) : prefix + text.Replace(' ', Space);
    }

    private string WithoutRuns(string text)
    {
        var output = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != ' ')
            {
                output.Append(text[i]);
            }
            else if (text[i - 1] != ' ')
            {
                output.Append(Space);
            }
        }

        return output.ToString();
    }
}
