using System.Text;
using SeerMoe.Tokenization.Steps;

namespace SeerMoe.Tokenization.SentencePiece;

/// <summary>Pieces to text: "▁" is a space, but not at the beginning, where the normalizer put it; runs of byte pieces are UTF-8.</summary>
internal sealed class PieceDecoder(SentencePieceModel model)
{
    /// <param name="ids">Unknown ones are nothing.</param>
    public string Decode(IReadOnlyList<int> ids, SpecialPieces special)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        var atStart = true; // until something was written, or a space left out
        foreach (var id in ids.Where(id => id >= 0 && id < model.Pieces.Count))
        {
            var piece = model.Pieces[id];
            if (piece.Type == PieceType.Byte && ByteToken.TryParse(piece.Text, out var value))
            {
                bytes.Add(value);
                continue;
            }

            Flush(bytes, text);
            atStart &= text.Length == 0;
            var written = Surface(piece, special);
            if (atStart && piece.Type is PieceType.Normal or PieceType.UserDefined && model.Spaces is { AddsPrefix: true } or { RemovesExtra: true }
                && piece.Text.StartsWith(SpacedWords.Space))
            {
                written = written[1..];
                atStart = model.Spaces.RemovesExtra; // then every space at the beginning goes
            }

            text.Append(written);
        }

        Flush(bytes, text);
        return text.ToString();
    }

    // .NET gives a U+FFFD for each maximal invalid run, the library one for each invalid byte.
    private static void Flush(List<byte> bytes, StringBuilder text)
    {
        ReadOnlySpan<byte> rest = bytes.ToArray();
        while (!rest.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var length);
            text.Append(rune.ToString());
            rest = rest[(status == System.Buffers.OperationStatus.Done ? length : 1)..];
        }

        bytes.Clear();
    }

    private string Surface(Piece piece, SpecialPieces special) => piece.Type switch
    {
        PieceType.Control when special == SpecialPieces.AsInText => "",
        PieceType.Unknown when special == SpecialPieces.AsInText => model.Trainer.UnknownSurface,
        PieceType.Control or PieceType.Unknown => piece.Text,
        _ => piece.Text.Replace(SpacedWords.Space, ' '),
    };
}

/// <summary>What control and unknown pieces become in a decoded text.</summary>
internal enum SpecialPieces
{
    Spelled,
    AsInText,
}
