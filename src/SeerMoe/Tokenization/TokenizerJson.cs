using System.Text.Json;
using System.Text.RegularExpressions;

namespace SeerMoe.Tokenization;

/// <summary>
/// What a byte-level BPE tokenizer.json says. Whatever of it is not understood is refused by name: ids that are a little wrong
/// look like a model that is a little worse. Not read: post_processor (special tokens are the caller's), truncation, padding.
/// </summary>
internal sealed class TokenizerJson
{
    // GPT-2's pattern, which a ByteLevel pre-tokenizer applies unless use_regex is false.
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly string _path;

    private TokenizerJson(string path, JsonElement root)
    {
        _path = path;
        var model = RequireModel(root);
        RequireType(root.Optional("decoder"), "decoder", "ByteLevel");
        Vocabulary = model.GetProperty("vocab").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32());
        Merges = [.. model.GetProperty("merges").EnumerateArray().Select(Merge)];
        Normalize = ReadNormalizer(root);
        Split = ReadSplit(root);
        var added = root.OptionalArray("added_tokens").Select(RequirePlain).ToLookup(token => token.Flag("normalized", false), token => token);
        RawTokens = IdOfContent(added[false]);
        NormalizedTokens = IdOfContent(added[true]);
    }

    public IReadOnlyDictionary<string, int> Vocabulary { get; }

    /// <summary>Best first, each as "left right".</summary>
    public IReadOnlyList<string> Merges { get; }

    public Func<string, string> Normalize { get; }

    /// <summary>Null where the text goes to the merges unsplit.</summary>
    public CodePointSplit? Split { get; }

    /// <summary>Added tokens that are looked for in the text as it is.</summary>
    public IReadOnlyDictionary<string, int> RawTokens { get; }

    /// <summary>Added tokens that are looked for after normalization.</summary>
    public IReadOnlyDictionary<string, int> NormalizedTokens { get; }

    /// <summary>Null where there is no such token.</summary>
    public int? IdOf(string content) =>
        RawTokens.TryGetValue(content, out var id) || NormalizedTokens.TryGetValue(content, out id) || Vocabulary.TryGetValue(content, out id) ? id : null;

    /// <exception cref="InputException">Not JSON, or with a component that is not supported.</exception>
    public static TokenizerJson Read(string path) =>
        new(path, SeerJson.Read<JsonElement>(path, "Copy the tokenizer.json again from the model's source."));

    private JsonElement RequireModel(JsonElement root)
    {
        var model = root.GetProperty("model");
        RequireType(model, "model", "BPE");
        string[] textOptions = ["unk_token", "continuing_subword_prefix", "end_of_word_suffix"];
        string[] flags = ["fuse_unk", "byte_fallback", "ignore_merges"];
        var unsupported = textOptions.FirstOrDefault(option => model.Optional(option) is { } value && value.GetString() != "")
            ?? flags.FirstOrDefault(option => model.Flag(option, false))
            ?? (model.Optional("dropout") is { } dropout && dropout.GetDouble() > 0 ? "dropout" : null);
        return unsupported is null ? model : throw Unsupported($"model BPE with {unsupported}");
    }

    private Func<string, string> ReadNormalizer(JsonElement root)
    {
        if (root.Optional("normalizer") is not { } normalizer)
        {
            return text => text;
        }

        RequireType(normalizer, "normalizer", "NFC");
        return CanonicalComposition.Normalize;
    }

    private CodePointSplit? ReadSplit(JsonElement root)
    {
        if (root.Optional("pre_tokenizer") is not { } preTokenizer)
        {
            throw Unsupported("an absent pre_tokenizer");
        }

        if (preTokenizer.Type() != "Sequence")
        {
            return IsSplitByByteLevel(preTokenizer) ? Pattern(Gpt2Pattern, SplitGaps.Kept) : null;
        }

        var steps = preTokenizer.OptionalArray("pretokenizers");
        if (steps.Length != 2 || steps[0].Type() != "Split" || IsSplitByByteLevel(steps[1]))
        {
            throw Unsupported($"pre_tokenizer Sequence[{string.Join(", ", steps.Select(step => step.Type()))}]");
        }

        return ReadSplitStep(steps[0]);
    }

    private bool IsSplitByByteLevel(JsonElement step)
    {
        RequireType(step, "pre_tokenizer", "ByteLevel");
        return step.Flag("add_prefix_space", true)
            ? throw Unsupported("pre_tokenizer ByteLevel with add_prefix_space")
            : step.Flag("use_regex", true);
    }

    private CodePointSplit ReadSplitStep(JsonElement step)
    {
        var behavior = step.GetProperty("behavior").GetString();
        var gaps = (behavior, step.Flag("invert", false)) switch
        {
            ("Isolated", _) => SplitGaps.Kept,
            ("Removed", true) => SplitGaps.Removed,
            _ => throw Unsupported($"pre_tokenizer Split with behavior {behavior}"),
        };
        return step.GetProperty("pattern").Optional("Regex") is { } pattern
            ? Pattern(pattern.GetString()!, gaps)
            : throw Unsupported("pre_tokenizer Split by a literal string");
    }

    private CodePointSplit Pattern(string pattern, SplitGaps gaps)
    {
        try
        {
            return pattern.Any(char.IsSurrogate)
                ? throw Unsupported("pre_tokenizer Split by a pattern that names characters beyond U+FFFF")
                : new CodePointSplit(new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant), gaps);
        }
        catch (RegexParseException error)
        {
            throw Unsupported($"pre_tokenizer Split by this pattern ({error.Message})");
        }
    }

    private JsonElement RequirePlain(JsonElement token)
    {
        string[] flags = ["single_word", "lstrip", "rstrip"];
        return flags.FirstOrDefault(flag => token.Flag(flag, false)) is { } flag
            ? throw Unsupported($"added token {token.GetProperty("content").GetString()} with {flag}")
            : token;
    }

    private static Dictionary<string, int> IdOfContent(IEnumerable<JsonElement> tokens) =>
        tokens.ToDictionary(token => token.GetProperty("content").GetString()!, token => token.GetProperty("id").GetInt32());

    // "a b" until tokenizers 0.19, ["a", "b"] since.
    private static string Merge(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.Array ? $"{merge[0].GetString()} {merge[1].GetString()}" : merge.GetString()!;

    private void RequireType(JsonElement? component, string name, string type)
    {
        if (component?.Type() != type)
        {
            throw Unsupported($"{name} {component?.Type() ?? "null"}");
        }
    }

    private InputException Unsupported(string component) =>
        new($"The tokenizer has {component}, which is not supported.", _path, "Tokenize the data elsewhere and pass it with --format tokens.");
}
