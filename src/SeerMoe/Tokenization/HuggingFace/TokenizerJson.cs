using System.Text.Json;

namespace SeerMoe.Tokenization.HuggingFace;

/// <summary>What a tokenizer.json says, in parts that work. Not read: truncation and padding, for the length of a text is the caller's.</summary>
internal sealed class TokenizerJson
{
    private readonly Dictionary<string, int> _vocabulary;
    private readonly Dictionary<string, int> _added;

    private TokenizerJson(JsonElement root)
    {
        RequireKnownKeys(root);
        var model = BytePairModel.Read(new Component("model", root.GetProperty("model")));
        Normalize = Normalizers.Read(root.Optional("normalizer"));
        (AtStart, Elsewhere) = PreTokenizers.Read(root.Optional("pre_tokenizer"), model, normalizes: root.Optional("normalizer") is not null);
        Decode = Decoders.Read(root.Optional("decoder"));
        Around = PostProcessors.Read(root.Optional("post_processor"));

        var added = root.OptionalArray("added_tokens").Select(AddedTokenEntry.Read).OrderByDescending(entry => entry.IsSpecial).ToList();
        RawTokens = new AddedTokens(added.Where(entry => !entry.IsNormalized).Select(entry => entry.Token));
        NormalizedTokens = new AddedTokens(added.Where(entry => entry.IsNormalized).Select(entry => entry.Token with { Content = Normalize(entry.Token.Content) }));
        _vocabulary = model.Vocabulary;
        _added = added.ToDictionary(entry => entry.Token.Content, entry => entry.Token.Id);
        Tokens = new TokenTable([.. _vocabulary, .. _added], added.Where(entry => entry.IsSpecial).Select(entry => entry.Token.Content));
    }

    public Func<string, string> Normalize { get; }

    /// <summary>For text at the very beginning, which a Metaspace with prepend_scheme first treats in its own way.</summary>
    public Steps.IEncodingStep AtStart { get; }

    public Steps.IEncodingStep Elsewhere { get; }

    public Func<IEnumerable<string>, string> Decode { get; }

    public SpecialAffixes Around { get; }

    /// <summary>Added tokens that are looked for in the text as it is.</summary>
    public AddedTokens RawTokens { get; }

    /// <summary>Added tokens that are looked for, normalized, after normalization.</summary>
    public AddedTokens NormalizedTokens { get; }

    public TokenTable Tokens { get; }

    /// <exception cref="InputException">Not JSON.</exception>
    /// <exception cref="NotSupportedException">A component that is not supported, by name.</exception>
    public static TokenizerJson Read(string path) =>
        new(SeerJson.Read<JsonElement>(path, "Copy the tokenizer.json again from the model's source."));

    /// <summary>Null where there is no such token.</summary>
    public int? IdOf(string content) => _added.TryGetValue(content, out var id) || _vocabulary.TryGetValue(content, out id) ? id : null;

    private static void RequireKnownKeys(JsonElement root)
    {
        string[] known = ["version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model"];
        foreach (var property in root.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw new NotSupportedException($"the part {property.Name}");
            }
        }
    }
}
