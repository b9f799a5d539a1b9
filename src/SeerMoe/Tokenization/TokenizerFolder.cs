using System.Text.Json;

namespace SeerMoe.Tokenization;

/// <summary>The tokenizer of a checkpoint folder: tokenizer.json, with bos and eos from tokenizer_config.json, else config.json.</summary>
public static class TokenizerFolder
{
    /// <exception cref="InputException">No tokenizer.json, or one with a component that is not supported.</exception>
    public static ITokenizer Open(string checkpointFolder)
    {
        var path = Path.Combine(checkpointFolder, "tokenizer.json");
        if (!File.Exists(path))
        {
            throw new InputException("The checkpoint has no tokenizer.json.", path, "Put one there, or pass data that is tokenized already with --format tokens.");
        }

        var tokenizer = Reading(path, () => TokenizerJson.Read(path));
        var (beginOfText, endOfText) = (SpecialId(checkpointFolder, "bos", tokenizer), SpecialId(checkpointFolder, "eos", tokenizer));
        return Reading(path, () => new ByteLevelTokenizer(tokenizer, beginOfText, endOfText));
    }

    // tokenizer_config.json has the last word, null included (Qwen2 has no bos there, though its config.json names one).
    private static int? SpecialId(string folder, string name, TokenizerJson tokenizer)
    {
        var tokenizerConfig = Path.Combine(folder, "tokenizer_config.json");
        var config = Path.Combine(folder, "config.json");
        return Read(tokenizerConfig) is { } keys && Reading(tokenizerConfig, () => keys.TryGetProperty($"{name}_token", out _))
            ? Reading(tokenizerConfig, () => IdOfToken(keys.Optional($"{name}_token"), tokenizer, tokenizerConfig))
            : Reading(config, () => FirstId(Read(config)?.Optional($"{name}_token_id")));
    }

    // "<s>", or {"content": "<s>", ...} where an older transformers wrote the file.
    private static int? IdOfToken(JsonElement? token, TokenizerJson tokenizer, string path)
    {
        var content = token is { ValueKind: JsonValueKind.Object } whole ? whole.GetProperty("content").GetString() : token?.GetString();
        return content is null ? null : tokenizer.IdOf(content)
            ?? throw new InputException($"The special token {content} is not in tokenizer.json.", path, "Copy both files again from the model's source.");
    }

    // Models with several ends of text list them, the one of documents first.
    private static int? FirstId(JsonElement? id) => id is { ValueKind: JsonValueKind.Array } ids ? ids[0].GetInt32() : id?.GetInt32();

    private static JsonElement? Read(string path) =>
        File.Exists(path) ? SeerJson.Read<JsonElement>(path, "Copy the file again from the model's source.") : null;

    private static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InputException($"Not as Hugging Face writes this file: {error.Message}", path, "Copy it again from the model's source.", error);
        }
    }
}
