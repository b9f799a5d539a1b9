using System.Buffers.Binary;

namespace SeerMoe.Tokenization.SentencePiece;

/// <summary>
/// Reads one protobuf message field by field. A length is only ever taken as far as the bytes at hand, so a damaged one allocates nothing.
/// <code>
/// key = field number * 8 + wire type      0 varint   1 eight bytes   2 length and bytes   5 four bytes
/// 0A 03 3C 73 3E                          field 1, three bytes: "&lt;s>"
/// </code>
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;
    private int _wireType;

    /// <summary>Of the field whose value comes next.</summary>
    public int Field { get; private set; }

    /// <summary>False at the end of the message.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var key = Varint();
        (Field, _wireType) = ((int)(key >> 3), (int)(key & 7));
        return key >> 3 is > 0 and <= int.MaxValue ? true : throw new InvalidDataException($"a field has the number {key >> 3}.");
    }

    public int Int32() => Require(0) ? unchecked((int)Varint()) : 0;

    public bool Bool() => Require(0) && Varint() != 0;

    public float Float() => Require(5) ? BinaryPrimitives.ReadSingleLittleEndian(Take(4)) : 0;

    public ReadOnlySpan<byte> Bytes() => Require(2) ? Take(Varint()) : [];

    public void Skip()
    {
        switch (_wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Take(Varint());
                break;
            case 5:
                Take(4);
                break;
            default:
                throw new InvalidDataException($"field {Field} has the wire type {_wireType}.");
        }
    }

    private readonly bool Require(int wireType) =>
        _wireType == wireType ? true : throw new InvalidDataException($"field {Field} has the wire type {_wireType} where {wireType} belongs.");

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number has more than ten bytes.");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new InvalidDataException($"it ends within field {Field}: {length} bytes should follow, {_rest.Length} do.");
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
