using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace SeerMoe.Tokenization;

/// <summary>
/// Byte-level BPE in the order in which Hugging Face tokenizers works: added tokens in the text as it is, normalization,
/// added tokens in the normalized text, then splitting and merging what is left.
/// </summary>
internal sealed class ByteLevelTokenizer : ITokenizer
{
    // An id decides how much is allocated.
    private const int MostTokens = 10_000_000;

    private readonly AddedTokens _rawTokens;
    private readonly AddedTokens _normalizedTokens;
    private readonly Func<string, string> _normalize;
    private readonly BpeTokenizer _merges;
    private readonly bool _splits; // without this said, BpeTokenizer drops white space where it has no pre-tokenizer
    private readonly byte[]?[] _bytesOfId;

    public ByteLevelTokenizer(TokenizerJson file, int? beginOfText, int? endOfText)
    {
        _rawTokens = new AddedTokens(file.RawTokens);
        _normalizedTokens = new AddedTokens(file.NormalizedTokens);
        _normalize = file.Normalize;
        _merges = BpeTokenizer.Create(new BpeOptions(file.Vocabulary) { Merges = file.Merges, ByteLevel = true, PreTokenizer = file.Split });
        _splits = file.Split is not null;
        _bytesOfId = BytesOfId(file);
        EndOfText = endOfText;
        Prefix = beginOfText ?? endOfText;
    }

    public int VocabularySize => _bytesOfId.Length;

    public int? EndOfText { get; }

    public int? Prefix { get; }

    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length / 2);
        foreach (var (piece, id) in _rawTokens.Cut(WellFormed(text)))
        {
            if (id is { } rawToken)
            {
                ids.Add(rawToken);
                continue;
            }

            foreach (var (normalized, addedToken) in _normalizedTokens.Cut(_normalize(piece)))
            {
                ids.AddRange(addedToken is { } one ? [one] : _merges.EncodeToIds(normalized, considerPreTokenization: _splits, considerNormalization: false));
            }
        }

        return [.. ids];
    }

    public string Decode(IReadOnlyList<int> ids)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(1, ids.Count * 4));
        foreach (var id in ids)
        {
            if (id >= 0 && id < _bytesOfId.Length)
            {
                bytes.Write(_bytesOfId[id]);
            }
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    // A lone surrogate has no bytes in UTF-8; it becomes U+FFFD, as it would in any file.
    private static string WellFormed(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0
        ? text
        : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static byte[]?[] BytesOfId(TokenizerJson file)
    {
        var tokens = file.Vocabulary.Concat(file.RawTokens).Concat(file.NormalizedTokens).ToList();
        var outside = tokens.Find(token => token.Value is < 0 or > MostTokens);
        if (outside.Key is not null)
        {
            throw new FormatException($"the token {outside.Key} has the id {outside.Value}.");
        }

        var bytes = new byte[]?[tokens.Max(token => token.Value) + 1];
        foreach (var (token, id) in tokens)
        {
            bytes[id] = ByteAlphabet.Bytes(token);
        }

        return bytes;
    }
}
