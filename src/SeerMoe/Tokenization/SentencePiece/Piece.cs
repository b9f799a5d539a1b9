using System.Text;

namespace SeerMoe.Tokenization.SentencePiece;

/// <summary>A token of a SentencePiece model.</summary>
/// <param name="Score">The higher, the earlier it is merged.</param>
internal readonly record struct Piece(string Text, float Score, PieceType Type)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Piece Parse(ReadOnlySpan<byte> message)
    {
        var (text, score, type) = ("", 0f, PieceType.Normal);
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    text = Utf8(fields.Bytes());
                    break;
                case 2:
                    score = fields.Float();
                    break;
                case 3:
                    type = (PieceType)fields.Int32();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return text.Length == 0 ? throw new InvalidDataException("a piece is empty.")
            : float.IsNaN(score) ? throw new InvalidDataException($"the piece {text} has no score.")
            : new Piece(text, score, type);
    }

    private static string Utf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException("a piece is not UTF-8.", error);
        }
    }
}

/// <summary>The numbers of the file format.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,

    /// <summary>Never found in text: bos, eos, padding.</summary>
    Control = 3,

    /// <summary>Always found in text, and never merged.</summary>
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
