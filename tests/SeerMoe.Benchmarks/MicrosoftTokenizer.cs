using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace SeerMoe.Benchmarks;

/// <summary>
/// The same tokenizer in Microsoft.ML.Tokenizers: BpeTokenizer from the parts of a tokenizer.json (which it does not read), LlamaTokenizer
/// from a tokenizer.model. It gets no normalizer and no added tokens: less work than ours does.
/// </summary>
internal sealed class MicrosoftTokenizer
{
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly Tokenizer _tokenizer;

    private MicrosoftTokenizer(Tokenizer tokenizer) => _tokenizer = tokenizer;

    public string Kind => _tokenizer.GetType().Name;

    public static MicrosoftTokenizer Open(string folder)
    {
        var model = Path.Combine(folder, "tokenizer.model");
        if (File.Exists(model))
        {
            using var stream = File.OpenRead(model);
            return new MicrosoftTokenizer(LlamaTokenizer.Create(stream, addBeginOfSentence: false, addEndOfSentence: false));
        }

        var root = JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, "tokenizer.json")));
        var vocabulary = root.GetProperty("model").GetProperty("vocab").EnumerateObject().Select(token => KeyValuePair.Create(token.Name, token.Value.GetInt32()));
        return new MicrosoftTokenizer(BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = root.GetProperty("model").GetProperty("merges").EnumerateArray()
                .Select(merge => merge.ValueKind == JsonValueKind.Array ? $"{merge[0].GetString()} {merge[1].GetString()}" : merge.GetString()!),
            ByteLevel = true,
            PreTokenizer = PreTokenizerOf(root.GetProperty("pre_tokenizer")),
        }));
    }

    // For LlamaTokenizer normalization is what writes "▁" for spaces; the BpeTokenizers here have none.
    public IReadOnlyList<int> Encode(string text) => _tokenizer.EncodeToIds(text, considerPreTokenization: true, considerNormalization: true);

    private static PreTokenizer PreTokenizerOf(JsonElement json)
    {
        if (!json.TryGetProperty("pretokenizers", out var list))
        {
            return Splitting(Gpt2Pattern);
        }

        PreTokenizer[] steps =
        [
            .. from step in list.EnumerateArray()
               let pattern = step.TryGetProperty("pattern", out var given) ? given.GetProperty("Regex").GetString()
                   : step.GetProperty("type").GetString() == "Digits" ? @"\p{N}"
                   : null
               where pattern is not null
               select Splitting(WithoutHighRanges(pattern)),
        ];
        return steps is [var only] ? only : new CompositePreTokenizer(steps);
    }

    private static RegexPreTokenizer Splitting(string pattern) => new(new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant), specialTokens: null);

    // .NET reads a range beyond U+FFFF as surrogates out of order; the text at hand has none of those letters.
    private static string WithoutHighRanges(string pattern) => Regex.Replace(pattern, @"[\uD800-\uDBFF][\uDC00-\uDFFF](-[\uD800-\uDBFF][\uDC00-\uDFFF])?", "", RegexOptions.ExplicitCapture);
}
