using System.Buffers.Binary;

namespace SeerMoe.Torch.Runtime;

/// <summary>Registers of addresses and counts that a function may change; their numbers are the processor's.</summary>
internal enum Register
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,
    Rsi = 6,
    Rdi = 7,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
}

/// <summary>[base + index * scale + offset]</summary>
internal readonly record struct Address(Register Base, int Offset = 0, Register? Index = null, int Scale = 1);

/// <summary>
/// Writes the few instructions of x64 that a loop over vectors of 512 bits needs, for an operation that .NET has no word for. Vectors are 0 to 31.
/// Encodings: Intel 64 and IA-32 Software Developer's Manual, volume 2 (2.1 ModRM and SIB, 2.2.1 REX, 2.7 EVEX, and the instruction's page).
/// </summary>
internal sealed class VectorCode
{
    // ModRM: two registers; or one and memory, whose registers follow in a byte of their own (SIB), and an offset of 32 bits behind that.
    private const int TwoRegisters = 0xC0;
    private const int Memory = 0x84;
    private const int NoIndex = 4;

    private readonly List<byte> _bytes = [];

    private enum Prefix
    {
        None = 0,
        Of66 = 1,
        OfF3 = 2,
    }

    private enum Map
    {
        Of0F = 1,
        Of0F38 = 2,
    }

    public ReadOnlySpan<byte> Bytes => _bytes.ToArray();

    /// <summary>The place of the next instruction, to jump back to.</summary>
    public int Here => _bytes.Count;

    /// <summary>to = [from], 64 bits</summary>
    public void Load(Register to, Address from) => General(0x8B, (int)to, from);

    /// <summary>to = from</summary>
    public void Copy(Register to, Register from) => General(0x8B, (int)to, from);

    /// <summary>to = to + from</summary>
    public void Add(Register to, Register from) => General(0x03, (int)to, from);

    /// <summary>to = to + number</summary>
    public void AddNumber(Register to, int number)
    {
        General(0x81, 0, to);
        Number(number);
    }

    /// <summary>count = count - 1, and back to a place unless it is 0.</summary>
    public void Repeat(Register count, int place)
    {
        AddNumber(count, -1);
        _bytes.AddRange([0x0F, 0x85]);
        Number(place - (Here + sizeof(int)));
    }

    /// <summary>Asks for memory, into the second cache.</summary>
    public void Prefetch(Address from)
    {
        Rex(isWide: false, 0, from);
        _bytes.AddRange([0x0F, 0x18]);
        Operand(2, from);
    }

    public void Return() => _bytes.AddRange([0xC5, 0xF8, 0x77, 0xC3]);

    /// <summary>to = 0 (vpxord)</summary>
    public void Clear(int to) => Vectors(Prefix.Of66, Map.Of0F, 0xEF, to, to, to);

    /// <summary>to = 64 bytes (vmovups)</summary>
    public void LoadVector(int to, Address from) => Vectors(Prefix.None, Map.Of0F, 0x10, to, from);

    /// <summary>64 bytes = from (vmovups)</summary>
    public void StoreVector(int from, Address to) => Vectors(Prefix.None, Map.Of0F, 0x11, from, to);

    /// <summary>to = 4 bytes, 16 times (vpbroadcastd)</summary>
    public void Broadcast(int to, Address from) => Vectors(Prefix.Of66, Map.Of0F38, 0x58, to, from);

    /// <summary>sum_i += a_2i b_2i + a_2i+1 b_2i+1 of bfloat16, in float32 (vdpbf16ps)</summary>
    public void AddProductsOfPairs(int sum, int a, int b) => Vectors(Prefix.OfF3, Map.Of0F38, 0x52, sum, a, b);

    private static int Bit(int number, int bit) => (number >> bit) & 1;

    private void General(byte operation, int register, Register other)
    {
        _bytes.Add((byte)(0x48 | (Bit(register, 3) << 2) | Bit((int)other, 3)));
        _bytes.AddRange([operation, (byte)(TwoRegisters | ((register & 7) << 3) | ((int)other & 7))]);
    }

    private void General(byte operation, int register, Address address)
    {
        Rex(isWide: true, register, address);
        _bytes.Add(operation);
        Operand(register, address);
    }

    private void Rex(bool isWide, int register, Address address) =>
        _bytes.Add((byte)(0x40 | (isWide ? 8 : 0) | (Bit(register, 3) << 2) | (Bit((int)(address.Index ?? Register.Rax), 3) << 1) | Bit((int)address.Base, 3)));

    private void Vectors(Prefix prefix, Map map, byte operation, int to, int a, int b)
    {
        Evex(prefix, map, operation, to, a, high: Bit(b, 3), higher: Bit(b, 4));
        _bytes.Add((byte)(TwoRegisters | ((to & 7) << 3) | (b & 7)));
    }

    private void Vectors(Prefix prefix, Map map, byte operation, int vector, Address address)
    {
        Evex(prefix, map, operation, vector, second: 0, Bit((int)address.Base, 3), Bit((int)(address.Index ?? Register.Rax), 3));
        Operand(vector, address);
    }

    /// <param name="high">Bit 3 of the last operand or of its base.</param>
    /// <param name="higher">Bit 4 of the last operand, bit 3 of its index.</param>
    private void Evex(Prefix prefix, Map map, byte operation, int first, int second, int high, int higher)
    {
        // Bits of registers are inverted; 0x04 always stands, 0x40 is the length, 512 bits.
        var registers = (Bit(first, 3) << 7) | (higher << 6) | (high << 5) | (Bit(first, 4) << 4);
        _bytes.AddRange([
            0x62,
            (byte)((registers ^ 0xF0) | (int)map),
            (byte)((((second & 15) << 3) ^ 0x78) | 0x04 | (int)prefix),
            (byte)(0x40 | ((Bit(second, 4) ^ 1) << 3)),
            operation,
        ]);
    }

    private void Operand(int register, Address address)
    {
        var index = address.Index is { } some ? (int)some & 7 : NoIndex;
        var scale = int.Log2(address.Scale);
        _bytes.AddRange([(byte)(Memory | ((register & 7) << 3)), (byte)((scale << 6) | (index << 3) | ((int)address.Base & 7))]);
        Number(address.Offset);
    }

    private void Number(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        _bytes.AddRange(bytes);
    }
}
