using System.Text;
using System.Text.Json;
using SeerMoe.Tokenization.Steps;

namespace SeerMoe.Tokenization.HuggingFace;

/// <summary>The model of a tokenizer.json: byte-pair encoding, with or without a way out through bytes.</summary>
/// <param name="Pieces">Takes a piece that no pre-tokenizer cuts further.</param>
internal sealed record BytePairModel(Dictionary<string, int> Vocabulary, IEncodingStep Pieces)
{
    /// <exception cref="NotSupportedException">Another model, or an option that is not supported.</exception>
    public static BytePairModel Read(Component model)
    {
        if (model.Type != "BPE")
        {
            throw model.Unsupported();
        }

        model.Known("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges");
        RefuseAffixes(model);
        var vocabulary = model.Json.GetProperty("vocab").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32());
        var merges = new MergeList(vocabulary);
        foreach (var merge in model.Json.GetProperty("merges").EnumerateArray())
        {
            merges.Add(merge);
        }

        var first = FirstTokensOf(model.Json, vocabulary);
        IEncodingStep pieces = new BytePairs(first, new MergeTable(merges.Merges));
        pieces = merges.SpacesBeginTokens && !first.DropsCharacters ? new SpacedWords(pieces) : pieces;
        return new BytePairModel(vocabulary, model.Json.Flag("ignore_merges", false) ? new WholeWords(vocabulary, pieces) : pieces);
    }

    private static void RefuseAffixes(Component model)
    {
        string[] affixes = ["continuing_subword_prefix", "end_of_word_suffix"];
        var unsupported = affixes.FirstOrDefault(option => model.Json.Optional(option) is { } value && value.GetString() != "")
            ?? (model.Json.Optional("dropout") is { } dropout && dropout.GetDouble() > 0 ? "dropout" : null);
        if (unsupported is not null)
        {
            throw model.With(unsupported);
        }
    }

    private static FirstTokens FirstTokensOf(JsonElement model, Dictionary<string, int> vocabulary)
    {
        var characters = new Dictionary<int, int>();
        foreach (var (token, id) in vocabulary)
        {
            if (token.Length <= 2 && Rune.TryGetRuneAt(token, 0, out var rune) && rune.Utf16SequenceLength == token.Length)
            {
                characters.Add(rune.Value, id);
            }
        }

        var unknown = model.Optional("unk_token")?.GetString();
        return new FirstTokens(
            characters,
            model.Flag("byte_fallback", false) ? FirstTokens.BytesOf(vocabulary) : null,
            unknown is null ? null : vocabulary.TryGetValue(unknown, out var id2) ? id2 : throw new FormatException($"the unk_token {unknown} is not in the vocabulary."),
            model.Flag("fuse_unk", false) ? UnknownRuns.Fused : UnknownRuns.Apart);
    }
}
