using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Unicode;

namespace SeerMoe.Safetensors;

/// <summary>
/// What a safetensors file says of itself, checked before a byte of data is touched.
/// <code>
/// 8 bytes   length N of the JSON, little-endian
/// N bytes   JSON: names, dtypes, shapes, offsets; may end in spaces
/// the rest  data: every byte belongs to exactly one tensor
/// </code>
/// Source: the format section of huggingface/safetensors.
/// </summary>
public sealed class SafetensorsHeader
{
    /// <summary>Bytes of the length in front of the JSON.</summary>
    internal const int PrefixBytes = 8;

    // The limit of the reference implementation.
    private const int LongestHeader = 100_000_000;

    private SafetensorsHeader(ImmutableArray<TensorEntry> tensors, IReadOnlyDictionary<string, string> metadata, long dataStart) =>
        (Tensors, Metadata, DataStart) = (tensors, metadata, dataStart);

    /// <summary>The tensors in the order of their data.</summary>
    public ImmutableArray<TensorEntry> Tensors { get; }

    /// <summary>`__metadata__`; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Offset of the first data byte: what stands before it is the header.</summary>
    public long DataStart { get; }

    /// <exception cref="InputException">The file is absent, or damaged; says how and at which tensor.</exception>
    public static SafetensorsHeader Read(string path)
    {
        using var stream = InputFile.Open(path);
        return Read(stream, path);
    }

    internal static SafetensorsHeader Read(FileStream stream, string path)
    {
        try
        {
            var json = Json(stream, path);
            var dataStart = PrefixBytes + json.Length;
            var dataLength = stream.Length - dataStart;
            var (tensors, metadata) = HeaderJson.Parse(json, path, dataStart, dataLength);

            // Empty tensors come before the one that starts where they stand.
            ImmutableArray<TensorEntry> ordered = [.. tensors.OrderBy(entry => entry.Start).ThenBy(entry => entry.Length)];
            CheckEveryByteHasOneTensor(ordered, path, dataStart, dataLength);
            return new SafetensorsHeader(ordered, metadata, dataStart);
        }
        catch (IOException error)
        {
            throw Damage.In(path, $"The file can't be read: {error.Message}", error);
        }
    }

    private static byte[] Json(FileStream stream, string path)
    {
        if (stream.Length < PrefixBytes)
        {
            throw Damage.In(path, $"The file has {stream.Length} bytes; even an empty safetensors file has more.");
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        stream.ReadExactly(prefix);
        if (prefix.SequenceEqual("version "u8))
        {
            throw new InputException("The file is a Git LFS pointer, not the weights.", path, "Fetch the weights: git lfs pull.");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader)
        {
            throw Damage.In(path, $"The file claims a header of {length} bytes; the format allows {LongestHeader}.");
        }

        if ((long)length > stream.Length - PrefixBytes)
        {
            throw Damage.In(path, $"The file claims a header of {length} bytes, but ends after {stream.Length - PrefixBytes}: it is cut off.");
        }

        var json = new byte[length];
        stream.ReadExactly(json);
        if (json is not [(byte)'{', ..])
        {
            throw Damage.In(path, "The header does not begin with '{'.");
        }

        return Utf8.IsValid(json) ? json : throw Damage.In(path, "The header is not UTF-8 text.");
    }

    private static void CheckEveryByteHasOneTensor(ImmutableArray<TensorEntry> ordered, string path, long dataStart, long dataLength)
    {
        var position = dataStart;
        TensorEntry? previous = null;
        foreach (var entry in ordered)
        {
            if (entry.Start < position)
            {
                throw Damage.In(path, $"Tensors {Damage.Quoted(previous!.Spec.Name)} and {Damage.Quoted(entry.Spec.Name)} overlap at data byte {entry.Start - dataStart}.");
            }

            if (entry.Start > position)
            {
                throw Damage.In(path, $"{entry.Start - position} bytes before tensor {Damage.Quoted(entry.Spec.Name)} belong to no tensor.");
            }

            position = entry.Start + entry.Length;
            previous = entry;
        }

        if (dataStart + dataLength - position is > 0 and var left)
        {
            throw Damage.In(path, $"{left} bytes at the end of the file belong to no tensor.");
        }
    }
}
