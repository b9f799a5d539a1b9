namespace SeerMoe.Tokenization.SentencePiece;

/// <summary>What a SentencePiece tokenizer.model says (sentencepiece_model.proto), as far as its BPE needs it.</summary>
internal sealed class SentencePieceModel
{
    private readonly Dictionary<string, int> _idOfText = [];

    private SentencePieceModel(List<Piece> pieces, TrainerSpec trainer, SpaceRules spaces)
    {
        (Pieces, Trainer, Spaces) = (pieces, trainer, spaces);
        for (var id = 0; id < pieces.Count; id++)
        {
            if (!_idOfText.TryAdd(pieces[id].Text, id))
            {
                throw new InvalidDataException($"the piece {pieces[id].Text} stands in it twice.");
            }
        }

        var unknown = pieces.FindIndex(piece => piece.Type == PieceType.Unknown);
        Unknown = unknown >= 0 && unknown == pieces.FindLastIndex(piece => piece.Type == PieceType.Unknown)
            ? unknown
            : throw new InvalidDataException("it does not have one unknown piece.");
        var other = pieces.Find(piece => !Enum.IsDefined(piece.Type) || piece.Type == PieceType.Unused);
        if (other.Text is not null)
        {
            throw new NotSupportedException($"a piece of type {other.Type}");
        }

        // The library finds it before it takes spaces away, and then takes some of its own away.
        var spaced = spaces.RemovesExtra ? pieces.Find(piece => piece.Type == PieceType.UserDefined && piece.Text.AsSpan().ContainsAny(' ', Steps.SpacedWords.Space)) : default;
        if (spaced.Text is not null)
        {
            throw new NotSupportedException($"the user-defined piece '{spaced.Text}' with a space, beside remove_extra_whitespaces");
        }
    }

    /// <summary>By id.</summary>
    public IReadOnlyList<Piece> Pieces { get; }

    public TrainerSpec Trainer { get; }

    public SpaceRules Spaces { get; }

    public int Unknown { get; }

    /// <summary>Null where the model has none.</summary>
    public int? BeginOfText => Trainer.BeginOfText is >= 0 and var id && id < Pieces.Count ? id : null;

    /// <summary>Null where the model has none.</summary>
    public int? EndOfText => Trainer.EndOfText is >= 0 and var id && id < Pieces.Count ? id : null;

    /// <exception cref="InvalidDataException">Not of the form.</exception>
    /// <exception cref="NotSupportedException">A component that is not supported, by name.</exception>
    public static SentencePieceModel Parse(ReadOnlySpan<byte> file)
    {
        var pieces = new List<Piece>();
        TrainerSpec? trainer = null;
        SpaceRules? spaces = null;
        var fields = new ProtobufReader(file);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    pieces.Add(Piece.Parse(fields.Bytes()));
                    break;
                case 2:
                    trainer = TrainerSpec.Parse(fields.Bytes());
                    break;
                case 3:
                    spaces = SpaceRules.Parse(fields.Bytes());
                    break;
                case 5:
                    SpaceRules.Parse(fields.Bytes()); // the denormalizer: refused where it rewrites characters
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return new SentencePieceModel(
            pieces,
            trainer ?? throw new InvalidDataException("it has no trainer_spec."),
            spaces ?? throw new InvalidDataException("it has no normalizer_spec."));
    }

    /// <summary>Null where there is no such piece.</summary>
    public int? IdOf(string piece) => _idOfText.TryGetValue(piece, out var id) ? id : null;
}
