using System.Text;
using SeerMoe.Tokenization.Steps;

namespace SeerMoe.Tokenization.SentencePiece;

/// <summary>
/// The merges of a SentencePiece model. It lists none: any two neighbours that together spell a piece merge, the piece of the highest
/// score first. Both are pieces themselves, so every way to cut a piece in two is a merge.
/// <code>
/// pieces: "lo" -1, "low" -2, "ow" -3     ->  rank 0 l+o   rank 1 lo+w and l+ow   rank 2 o+w
/// </code>
/// </summary>
internal static class PieceMerges
{
    public static IEncodingStep Step(SentencePieceModel model)
    {
        var normal = Normal(model);
        var merges = new List<(int Left, int Right, Merge Merge)>();
        var ranks = Ranks(model.Pieces);
        var lookup = normal.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (text, id) in normal)
        {
            RequireCharacters(text, normal, model);
            for (var cut = 1; cut < text.Length; cut++)
            {
                if (lookup.TryGetValue(text.AsSpan(0, cut), out var left) && lookup.TryGetValue(text.AsSpan(cut), out var right))
                {
                    merges.Add((left, right, new Merge(ranks[model.Pieces[id].Score], id)));
                }
            }
        }

        var pairs = new BytePairs(First(model), new MergeTable(merges));
        return normal.ContainsKey(SpacedWords.Space.ToString()) && !normal.Keys.Any(text => SpacedWords.HasSpaceWithin(text)) ? new SpacedWords(pairs) : pairs;
    }

    private static Dictionary<string, int> Normal(SentencePieceModel model) => model.Pieces.Select((piece, id) => (piece, id))
        .Where(one => one.piece.Type == PieceType.Normal)
        .ToDictionary(one => one.piece.Text, one => one.id);

    // Pieces of equal score are equal in rank: then the leftmost merges first.
    private static Dictionary<float, int> Ranks(IEnumerable<Piece> pieces) => pieces.Select(piece => piece.Score).Distinct().OrderDescending()
        .Select((score, rank) => (score, rank))
        .ToDictionary(one => one.score, one => one.rank);

    // A character that is no piece could still become part of one, which token ids can't tell. User-defined ones never do.
    private static void RequireCharacters(string piece, Dictionary<string, int> normal, SentencePieceModel model)
    {
        foreach (var rune in piece.EnumerateRunes())
        {
            if (!normal.ContainsKey(rune.ToString()) && !(model.IdOf(rune.ToString()) is { } id && model.Pieces[id].Type == PieceType.UserDefined))
            {
                throw new NotSupportedException($"the piece {piece}, whose character {rune} is no piece");
            }
        }
    }

    private static FirstTokens First(SentencePieceModel model)
    {
        var characters = new Dictionary<int, int>();
        var bytes = new Dictionary<string, int>();
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            var (text, _, type) = model.Pieces[id];
            if (type == PieceType.Byte)
            {
                bytes.Add(text, id);
            }
            else if (Rune.TryGetRuneAt(text, 0, out var rune) && rune.Utf16SequenceLength == text.Length)
            {
                characters.Add(rune.Value, id);
            }
        }

        var byteIds = FirstTokens.BytesOf(bytes);
        return model.Trainer.BytesForUnknown && byteIds.Contains(-1)
            ? throw new InvalidDataException("it has byte_fallback without a piece for every byte.")
            : new FirstTokens(characters, model.Trainer.BytesForUnknown ? byteIds : null, model.Unknown, UnknownRuns.Fused);
    }
}
