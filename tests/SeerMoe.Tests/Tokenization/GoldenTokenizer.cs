using System.Collections.Concurrent;
using System.Text.Json;
using SeerMoe.Testing;
using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

/// <summary>A real tokenizer file with what Hugging Face tokenizers, and sentencepiece where there is a tokenizer.model, make of 253 awkward strings.</summary>
internal sealed class GoldenTokenizer
{
    // A large one takes half a second to read.
    private static readonly ConcurrentDictionary<string, GoldenTokenizer> OfJson = new(), OfModel = new();

    private readonly JsonElement _root;

    private GoldenTokenizer(string name, ITokenizer tokenizer)
    {
        _root = JsonElement.Parse(File.ReadAllBytes(Fixtures.Tokenizer($"{name}.golden.json")));
        Tokenizer = tokenizer;
        Cases = [.. _root.GetProperty("cases").EnumerateArray().Select(GoldenCase.Read)];
    }

    public ITokenizer Tokenizer { get; }

    public IReadOnlyList<GoldenCase> Cases { get; }

    public int VocabularySize => _root.GetProperty("vocab_size").GetInt32();

    public IEnumerable<(int[] Ids, string Decoded)> DecodeCases => _root.GetProperty("decode_cases").EnumerateArray()
        .Select(one => (GoldenCase.IdsOf(one, "ids"), one.GetProperty("decoded").GetString()!));

    public static GoldenTokenizer Open(string name) =>
        OfJson.GetOrAdd(name, _ => new GoldenTokenizer(name, TokenizerFolder.Open(Fixtures.Tokenizer(name))));

    /// <summary>From its tokenizer.model alone.</summary>
    public static GoldenTokenizer OpenModel(string name) => OfModel.GetOrAdd(name, _ =>
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Fixtures.Tokenizer(name), "tokenizer.model"), folder["tokenizer.model"]);
        return new GoldenTokenizer(name, TokenizerFolder.Open(folder.Path));
    });
}

/// <summary>One string and what becomes of it.</summary>
internal sealed record GoldenCase(
    string Text, int[] Ids, int[] IdsWithSpecial, string[] Tokens, string Decoded, string DecodedSkipSpecial, int[] SentencePieceIds, string SentencePieceDecoded)
{
    public static GoldenCase Read(JsonElement one) => new(
        TextOf(one, "text"),
        IdsOf(one, "ids"),
        IdsOf(one, "ids_with_special"),
        [.. one.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()!)],
        TextOf(one, "decoded"),
        TextOf(one, "decoded_skip_special"),
        one.TryGetProperty("spm_ids", out _) ? IdsOf(one, "spm_ids") : [],
        one.TryGetProperty("spm_decoded", out _) ? TextOf(one, "spm_decoded") : "");

    public static int[] IdsOf(JsonElement one, string key) => [.. one.GetProperty(key).EnumerateArray().Select(id => id.GetInt32())];

    private static string TextOf(JsonElement one, string key) => one.GetProperty(key).GetString()!;
}
