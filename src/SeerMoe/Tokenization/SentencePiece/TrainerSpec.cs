using System.Text;

namespace SeerMoe.Tokenization.SentencePiece;

/// <summary>How a SentencePiece model was trained, as far as encoding and decoding depend on it.</summary>
/// <param name="UnknownSurface">What an unknown piece decodes to.</param>
internal sealed record TrainerSpec(bool BytesForUnknown = false, int BeginOfText = 1, int EndOfText = 2, string UnknownSurface = " \u2047 ")
{
    private static readonly string[] ModelTypes = ["0", "Unigram", "BPE", "Word", "Char"];

    public static TrainerSpec Parse(ReadOnlySpan<byte> message)
    {
        var (trainer, type) = (new TrainerSpec(), 1);
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 3:
                    type = fields.Int32();
                    break;
                case 24 when fields.Bool():
                    throw new NotSupportedException("trainer_spec with treat_whitespace_as_suffix");
                case 24:
                    break;
                case 35:
                    trainer = trainer with { BytesForUnknown = fields.Bool() };
                    break;
                case 41:
                    trainer = trainer with { BeginOfText = fields.Int32() };
                    break;
                case 42:
                    trainer = trainer with { EndOfText = fields.Int32() };
                    break;
                case 44:
                    trainer = trainer with { UnknownSurface = Encoding.UTF8.GetString(fields.Bytes()) };
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return type == 2 ? trainer : throw new NotSupportedException($"model {(type >= 0 && type < ModelTypes.Length ? ModelTypes[type] : type)}");
    }
}
