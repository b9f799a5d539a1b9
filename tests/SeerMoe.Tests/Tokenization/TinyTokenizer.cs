using System.Text.Json.Nodes;
using SeerMoe.Testing;
using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

/// <summary>The tokenizer.json of the tiny model (one token a byte, no merges) with some parts replaced.</summary>
internal static class TinyTokenizer
{
    public static string Json => File.ReadAllText(Repository.Path("examples", "tiny-moe", "tokenizer.json"));

    /// <param name="parts">A path such as "model.dropout" or "added_tokens.0.lstrip", and the JSON to stand there.</param>
    public static ITokenizer Open(params (string Path, string Json)[] parts)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", With(parts));
        return TokenizerFolder.Open(folder.Path);
    }

    /// <summary>Byte-pair encoding of characters: the vocabulary numbered in the order given, no pre-tokenizer, tokens joined as they are.</summary>
    public static ITokenizer OpenOfCharacters(string[] vocabulary, string[] merges, params (string Path, string Json)[] parts) => Open(
    [
        ("model.vocab", $"{{{string.Join(", ", vocabulary.Select((token, id) => $"\"{token}\": {id}"))}}}"),
        ("model.merges", $"[{string.Join(", ", merges.Select(merge => $"\"{merge}\""))}]"),
        ("added_tokens", "[]"),
        ("pre_tokenizer", "null"),
        ("decoder", """{ "type": "Fuse" }"""),
        .. parts,
    ]);

    public static string With(params (string Path, string Json)[] parts)
    {
        var root = JsonNode.Parse(Json)!;
        foreach (var (path, json) in parts)
        {
            var keys = path.Split('.');
            var parent = keys[..^1].Aggregate(root, (node, key) => int.TryParse(key, out var index) ? node[index]! : node[key]!);
            parent[keys[^1]] = JsonNode.Parse(json);
        }

        return root.ToJsonString();
    }
}
