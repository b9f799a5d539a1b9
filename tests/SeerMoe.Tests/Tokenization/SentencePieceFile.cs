using System.Buffers.Binary;
using System.Text;
using SeerMoe.Testing;
using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

/// <summary>Writes a small tokenizer.model, field by field.</summary>
internal sealed class SentencePieceFile
{
    public const int Unknown = 2, Control = 3, UserDefined = 4, Unused = 5;

    private readonly List<byte> _pieces = [];

    /// <summary>1 Unigram, 2 BPE.</summary>
    public int ModelType { get; init; } = 2;

    public bool ByteFallback { get; init; }

    public bool AddDummyPrefix { get; init; }

    public bool RemoveExtraWhitespaces { get; init; }

    public bool EscapeWhitespaces { get; init; } = true;

    public string CharacterMap { get; init; } = "";

    public bool SpacesAsSuffix { get; init; }

    /// <summary>"&lt;unk>", "&lt;s>" and "&lt;/s>", then these as normal pieces, best first.</summary>
    public SentencePieceFile(params string[] pieces)
    {
        Add("<unk>", 0, Unknown);
        Add("<s>", 0, Control);
        Add("</s>", 0, Control);
        for (var i = 0; i < pieces.Length; i++)
        {
            Add(pieces[i], -i);
        }
    }

    public SentencePieceFile Add(string piece, float score, int type = 1)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(number, score);
        _pieces.AddRange(Message(1, [.. Message(1, Encoding.UTF8.GetBytes(piece)), (2 << 3) | 5, .. number, .. Varint(3, type)]));
        return this;
    }

    public byte[] Bytes() =>
    [
        .. _pieces,
        .. Message(2, [.. Varint(3, ModelType), .. Varint(24, SpacesAsSuffix ? 1 : 0), .. Varint(35, ByteFallback ? 1 : 0), .. Varint(41, 1), .. Varint(42, 2)]),
        .. Message(3,
        [
            .. Message(1, "nmt_nfkc"u8.ToArray()), .. Message(2, Encoding.UTF8.GetBytes(CharacterMap)),
            .. Varint(3, AddDummyPrefix ? 1 : 0), .. Varint(4, RemoveExtraWhitespaces ? 1 : 0), .. Varint(5, EscapeWhitespaces ? 1 : 0),
        ]),
    ];

    public ITokenizer Open() => Open(Bytes());

    public static ITokenizer Open(byte[] bytes, string? tokenizerConfig = null)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["tokenizer.model"], bytes);
        if (tokenizerConfig is not null)
        {
            folder.Write("tokenizer_config.json", tokenizerConfig);
        }

        return TokenizerFolder.Open(folder.Path);
    }

    public static byte[] Message(int field, byte[] content) => [.. Key(field, 2), .. Number(content.Length), .. content];

    public static byte[] Varint(int field, int value) => [.. Key(field, 0), .. Number(value)];

    private static byte[] Key(int field, int wireType) => Number((field << 3) | wireType);

    private static byte[] Number(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
