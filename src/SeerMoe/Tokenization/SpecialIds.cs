using System.Text.Json;

namespace SeerMoe.Tokenization;

/// <summary>Which tokens begin and end a document, from tokenizer_config.json, else config.json.</summary>
internal sealed record SpecialIds(int? BeginOfText, int? EndOfText)
{
    /// <param name="idOf">Null for a token that the tokenizer does not have.</param>
    /// <param name="fallback">What the tokenizer's own file says, for a checkpoint whose configuration names neither.</param>
    public static SpecialIds Read(string folder, Func<string, int?> idOf, SpecialIds fallback) =>
        new(Read(folder, "bos", idOf, fallback.BeginOfText), Read(folder, "eos", idOf, fallback.EndOfText));

    // tokenizer_config.json has the last word, null included (Qwen2 has no bos there, though its config.json names one).
    private static int? Read(string folder, string name, Func<string, int?> idOf, int? fallback)
    {
        var tokenizerConfig = Path.Combine(folder, "tokenizer_config.json");
        var config = Path.Combine(folder, "config.json");
        return TokenizerFile.Json(tokenizerConfig) is { } keys && TokenizerFile.Reading(tokenizerConfig, () => keys.TryGetProperty($"{name}_token", out _))
            ? TokenizerFile.Reading(tokenizerConfig, () => IdOfToken(keys.Optional($"{name}_token"), idOf, tokenizerConfig))
            : TokenizerFile.Reading(config, () => FirstId(TokenizerFile.Json(config)?.Optional($"{name}_token_id"))) ?? fallback;
    }

    // "<s>", or {"content": "<s>", ...} where an older transformers wrote the file.
    private static int? IdOfToken(JsonElement? token, Func<string, int?> idOf, string path)
    {
        var content = token is { ValueKind: JsonValueKind.Object } whole ? whole.GetProperty("content").GetString() : token?.GetString();
        return content is null ? null : idOf(content)
            ?? throw new InputException($"The special token {content} is not in the tokenizer.", path, "Copy both files again from the model's source.");
    }

    // Models with several ends of text list them, the one of documents first.
    private static int? FirstId(JsonElement? id) => id is { ValueKind: JsonValueKind.Array } ids ? ids[0].GetInt32() : id?.GetInt32();
}
