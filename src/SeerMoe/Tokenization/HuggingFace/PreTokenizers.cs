using System.Text.Json;
using SeerMoe.Tokenization.Steps;

namespace SeerMoe.Tokenization.HuggingFace;

/// <summary>The pre_tokenizer of a tokenizer.json: the steps that cut text into the pieces which are merged alone.</summary>
internal static class PreTokenizers
{
    // GPT-2's pattern, which a ByteLevel pre-tokenizer applies unless use_regex is false.
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    // Rust's char::is_numeric, and the punctuation of BERT: ASCII's, and what Unicode calls so.
    private const string Digit = @"\p{N}", Digits = @"\p{N}+", Punctuation = @"[\p{P}$+<=>^`|~]";

    /// <summary>The steps for text at the very beginning, and for what follows an added token.</summary>
    /// <exception cref="NotSupportedException">A pre-tokenizer that is not supported, by name.</exception>
    public static (IEncodingStep AtStart, IEncodingStep Elsewhere) Read(JsonElement? preTokenizer, BytePairModel model, bool normalizes)
    {
        Component[] components = [.. Component.Flatten("pre_tokenizer", preTokenizer, "pretokenizers")];
        var next = model.Pieces;
        for (var i = components.Length - 1; i > 0; i--)
        {
            next = Read(components[i], next, isLast: i == components.Length - 1);
        }

        if (components is [])
        {
            return (next, next);
        }

        if (components[0].Type == "Metaspace" && MetaspaceOptions.Read(components[0]) is { Scheme: "first" } options)
        {
            return normalizes
                ? throw components[0].With("prepend_scheme first behind a normalizer")
                : (options.Step(Prefixing.Always, next), options.Step(Prefixing.Never, next));
        }

        next = Read(components[0], next, isLast: components.Length == 1);
        return (next, next);
    }

    private static IEncodingStep Read(Component step, IEncodingStep next, bool isLast) => step.Type switch
    {
        "ByteLevel" => ReadByteLevel(step.Known("add_prefix_space", "trim_offsets", "use_regex"), next, isLast),
        "Split" => ReadSplit(step.Known("pattern", "behavior", "invert"), next),
        "Digits" => ReadDigits(step.Known("individual_digits"), next),
        "Punctuation" => new PatternSplit(CodePointPattern.OfCategories(Punctuation), Behavior(step.Known("behavior"), "Isolated"), Delimiters.Matches, next),
        "Metaspace" => MetaspaceOptions.Read(step).Step(step, next),
        _ => throw step.Unsupported(),
    };

    private static IEncodingStep ReadByteLevel(Component step, IEncodingStep next, bool isLast)
    {
        if (!isLast)
        {
            throw step.With("another pre_tokenizer behind it");
        }

        IEncodingStep bytes = new ByteLevel(next);
        bytes = step.Json.Flag("use_regex", true)
            ? new PatternSplit(CodePointPattern.OfCategories(Gpt2Pattern), SplitBehavior.Isolated, Delimiters.Matches, bytes)
            : bytes;
        return step.Json.Flag("add_prefix_space", true) ? new PrefixSpace(bytes) : bytes;
    }

    private static PatternSplit ReadSplit(Component step, IEncodingStep next)
    {
        var pattern = step.LiteralPattern() is { } literal ? CodePointPattern.Literal(literal) : OnigurumaPattern.Read(step.Json.GetProperty("pattern").Text("Regex"));
        var delimiters = step.Json.Flag("invert", false) ? Delimiters.Gaps : Delimiters.Matches;
        return new PatternSplit(pattern, Behavior(step, fallback: null), delimiters, next);
    }

    private static PatternSplit ReadDigits(Component step, IEncodingStep next) =>
        new(CodePointPattern.OfCategories(step.Json.Flag("individual_digits", false) ? Digit : Digits), SplitBehavior.Isolated, Delimiters.Matches, next);

    private static SplitBehavior Behavior(Component step, string? fallback)
    {
        var name = step.Json.Optional("behavior")?.GetString() ?? fallback ?? step.Json.Text("behavior");
        return Enum.TryParse<SplitBehavior>(name, out var behavior) && Enum.GetName(behavior) == name ? behavior : throw step.With($"behavior {name}");
    }
}
