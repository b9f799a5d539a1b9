using System.Text.Json;

namespace SeerMoe.Tokenization.HuggingFace;

/// <summary>The normalizer of a tokenizer.json: text to the text that is split and merged.</summary>
internal static class Normalizers
{
    /// <exception cref="NotSupportedException">A normalizer that is not supported, by name.</exception>
    public static Func<string, string> Read(JsonElement? normalizer)
    {
        Func<string, string>[] steps = [.. Component.Flatten("normalizer", normalizer, "normalizers").Select(Read)];
        return steps switch
        {
            [] => text => text,
            [var only] => only,
            _ => text => steps.Aggregate(text, (current, step) => step(current)),
        };
    }

    private static Func<string, string> Read(Component step)
    {
        switch (step.Type)
        {
            case "NFC":
                step.Known();
                return CanonicalComposition.Normalize;
            case "Prepend":
                var prefix = step.Known("prepend").Json.Text("prepend");
                return text => text.Length == 0 ? text : prefix + text;
            case "Replace":
                return Replace(step.Known("pattern", "content"));
            default:
                throw step.Unsupported();
        }
    }

    private static Func<string, string> Replace(Component step)
    {
        var (pattern, content) = (step.LiteralPattern() ?? throw step.With("a regular expression"), step.Json.Text("content"));
        return pattern.Length == 0 ? throw step.With("an empty pattern") : text => text.Replace(pattern, content, StringComparison.Ordinal);
    }
}
