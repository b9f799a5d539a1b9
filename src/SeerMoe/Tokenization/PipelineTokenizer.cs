using SeerMoe.Tokenization.HuggingFace;

namespace SeerMoe.Tokenization;

/// <summary>
/// The tokenizer of a tokenizer.json, in the order in which Hugging Face tokenizers works: added tokens in the text as it is,
/// normalization, added tokens in the normalized text, then splitting and merging what is left.
/// </summary>
internal sealed class PipelineTokenizer(TokenizerJson file, SpecialIds special) : ITokenizer
{
    private readonly Lock _oneText = new(); // the steps remember pieces and reuse buffers

    public int VocabularySize => file.Tokens.Size;

    public int? EndOfText => special.EndOfText;

    public int? Prefix => special.BeginOfText ?? special.EndOfText;

    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length / 3);
        lock (_oneText)
        {
            text = WellFormed.Text(text);
            foreach (var cut in file.RawTokens.Cut(text))
            {
                if (cut.Id is { } id)
                {
                    ids.Add(id);
                }
                else
                {
                    EncodeNormalized(file.Normalize(text.Substring(cut.Start, cut.Length)), isStart: cut.Start == 0, ids);
                }
            }
        }

        return [.. ids];
    }

    public int[] EncodeWithSpecialTokens(string text) => file.Around.Around(Encode(text));

    public string Decode(IReadOnlyList<int> ids) => file.Decode(file.Tokens.Tokens(ids));

    public string DecodeWithoutSpecialTokens(IReadOnlyList<int> ids) =>
        file.Decode(file.Tokens.Tokens(ids).Where(token => !file.Tokens.IsSpecial(token)));

    public string? Token(int id) => file.Tokens.Token(id);

    private void EncodeNormalized(string text, bool isStart, List<int> ids)
    {
        foreach (var cut in file.NormalizedTokens.Cut(text))
        {
            if (cut.Id is { } id)
            {
                ids.Add(id);
            }
            else
            {
                var step = isStart && cut.Start == 0 ? file.AtStart : file.Elsewhere;
                step.Encode(text.AsSpan(cut.Start, cut.Length), ids);
            }
        }
    }
}
