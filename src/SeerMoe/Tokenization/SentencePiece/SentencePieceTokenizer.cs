using SeerMoe.Tokenization.Steps;

namespace SeerMoe.Tokenization.SentencePiece;

/// <summary>
/// The tokenizer of a tokenizer.model, as the sentencepiece library works: spaces first, then user-defined pieces wherever they stand,
/// then merging what is left. Control pieces (&lt;s>, [INST]) that stand in the text are text: that they are tokens only a tokenizer.json says.
/// </summary>
internal sealed class SentencePieceTokenizer(SentencePieceModel model, SpecialIds special, SpecialAffixes around) : ITokenizer
{
    private readonly AddedTokens _userDefined = new(model.Pieces.Select((piece, id) => (piece, id))
        .Where(one => one.piece.Type == PieceType.UserDefined)
        .Select(one => new AddedToken(one.piece.Text, one.id)));

    private readonly IEncodingStep _merges = PieceMerges.Step(model);
    private readonly PieceDecoder _decoder = new(model);
    private readonly Lock _oneText = new(); // the steps remember pieces and reuse buffers

    public int VocabularySize => model.Pieces.Count;

    public int? EndOfText => special.EndOfText;

    public int? Prefix => special.BeginOfText ?? special.EndOfText;

    public int[] Encode(string text)
    {
        var normalized = model.Spaces.Normalize(WellFormed.Text(text));
        var ids = new List<int>(text.Length / 3);
        lock (_oneText)
        {
            foreach (var cut in _userDefined.Cut(normalized))
            {
                if (cut.Id is { } id)
                {
                    ids.Add(id);
                }
                else
                {
                    _merges.Encode(normalized.AsSpan(cut.Start, cut.Length), ids);
                }
            }
        }

        return [.. ids];
    }

    public int[] EncodeWithSpecialTokens(string text) => around.Around(Encode(text));

    /// <summary>Control pieces and the unknown one are spelled out.</summary>
    public string Decode(IReadOnlyList<int> ids) => _decoder.Decode(ids, SpecialPieces.Spelled);

    /// <summary>As the sentencepiece library decodes: control pieces are nothing, the unknown one is " ⁇ ".</summary>
    public string DecodeWithoutSpecialTokens(IReadOnlyList<int> ids) => _decoder.Decode(ids, SpecialPieces.AsInText);

    public string? Token(int id) => id >= 0 && id < model.Pieces.Count ? model.Pieces[id].Text : null;
}
