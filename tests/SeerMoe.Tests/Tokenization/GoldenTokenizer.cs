using System.Text.Json;
using SeerMoe.Testing;
using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

/// <summary>A real tokenizer.json with what Hugging Face tokenizers makes of 253 awkward strings.</summary>
internal sealed class GoldenTokenizer
{
    private readonly JsonElement _root;

    private GoldenTokenizer(string name)
    {
        _root = JsonElement.Parse(File.ReadAllBytes(Fixtures.Tokenizer($"{name}.golden.json")));
        Tokenizer = TokenizerFolder.Open(Fixtures.Tokenizer(name));
    }

    public ITokenizer Tokenizer { get; }

    public int VocabularySize => _root.GetProperty("vocab_size").GetInt32();

    public IEnumerable<(string Text, int[] Ids, string Decoded)> Cases => _root.GetProperty("cases").EnumerateArray()
        .Select(one => (one.GetProperty("text").GetString()!, Ids(one), one.GetProperty("decoded").GetString()!));

    public IEnumerable<(int[] Ids, string Decoded)> DecodeCases => _root.GetProperty("decode_cases").EnumerateArray()
        .Select(one => (Ids(one), one.GetProperty("decoded").GetString()!));

    public static GoldenTokenizer Open(string name) => new(name);

    private static int[] Ids(JsonElement one) => [.. one.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
}
