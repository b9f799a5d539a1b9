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

        var tokenizer = TokenizerJson.Read(path);
        return new ByteLevelTokenizer(tokenizer, SpecialId(checkpointFolder, "bos", tokenizer), SpecialId(checkpointFolder, "eos", tokenizer));
    }

    // tokenizer_config.json has the last word, null included (Qwen2 has no bos there, though its config.json names one).
    private static int? SpecialId(string folder, string name, TokenizerJson tokenizer)
    {
        var path = Path.Combine(folder, "tokenizer_config.json");
        return Read(path) is { } config && config.TryGetProperty($"{name}_token", out var token)
            ? IdOf(token, tokenizer, path)
            : IdInConfig(folder, $"{name}_token_id");
    }

    private static int? IdOf(JsonElement token, TokenizerJson tokenizer, string path)
    {
        // "<s>", or {"content": "<s>", ...} where an older transformers wrote the file.
        var content = token.ValueKind == JsonValueKind.Object ? token.GetProperty("content").GetString() : token.GetString();
        return content is null ? null : tokenizer.IdOf(content)
            ?? throw new InputException($"The special token {content} is not in tokenizer.json.", path, "Copy both files again from the model's source.");
    }

    // Models with several ends of text list them, the one of documents first.
    private static int? IdInConfig(string folder, string key) => Read(Path.Combine(folder, "config.json"))?.Optional(key) switch
    {
        { ValueKind: JsonValueKind.Array } ids => ids[0].GetInt32(),
        { } id => id.GetInt32(),
        null => null,
    };

    private static JsonElement? Read(string path) =>
        File.Exists(path) ? SeerJson.Read<JsonElement>(path, "Copy the file again from the model's source.") : null;
}
