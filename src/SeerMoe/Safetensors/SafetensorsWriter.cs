using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using SeerMoe.Digests;

namespace SeerMoe.Safetensors;

/// <summary>
/// Writes a safetensors file front to back: the header at once, then the bytes of the tensors in the order declared, in pieces of any size.
/// The file has its name only after <see cref="Complete"/>; without it nothing is left behind.
/// </summary>
public sealed class SafetensorsWriter : IDisposable
{
    private const int BufferBytes = 4 << 20;

    // The header is padded to this, so that data is aligned; the reference implementation does the same.
    private const int Alignment = 8;

    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private readonly DigestCache? _digests;
    private readonly IncrementalHash? _hash;
    private long _missing;
    private bool _complete;

    private SafetensorsWriter(string path, long headerBytes, long dataBytes, DigestCache? digests)
    {
        _path = path;
        _digests = digests;
        _hash = digests is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _temporary = AtomicFile.TemporaryName(path);
        _missing = dataBytes;

        // Asking for the whole size first finds a full disk before hours of work, not after.
        _stream = new FileStream(_temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = BufferBytes,
            PreallocationSize = headerBytes + dataBytes,
        });
    }

    /// <param name="digests">Told the digest of the whole file, which is then taken while writing; null for none.</param>
    public static SafetensorsWriter Create(
        string path, IReadOnlyList<TensorSpec> tensors, IReadOnlyDictionary<string, string>? metadata = null, DigestCache? digests = null)
    {
        var header = Header(tensors, metadata);
        var writer = new SafetensorsWriter(path, header.Length, tensors.Sum(tensor => tensor.ByteCount), digests);
        try
        {
            writer._stream.Write(header);
            writer._hash?.AppendData(header);
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Appends the next bytes of the declared tensors.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _missing)
        {
            throw new InvalidOperationException($"{bytes.Length} bytes more for {_path}, whose tensors lack only {_missing}.");
        }

        _stream.Write(bytes);
        _hash?.AppendData(bytes);
        _missing -= bytes.Length;
    }

    /// <summary>Brings every byte to the disk and gives the file its name.</summary>
    public void Complete()
    {
        if (_missing > 0)
        {
            throw new InvalidOperationException($"{_missing} bytes of the declared tensors were not written to {_path}.");
        }

        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _complete = true;
        if (_hash is not null)
        {
            _digests!.Wrote(_path, FileDigest.TextOf(_hash));
        }
    }

    public void Dispose()
    {
        _hash?.Dispose();
        if (_complete)
        {
            return;
        }

        try
        {
            _stream.Dispose(); // writes what is buffered: on a full disk it throws once more
        }
        finally
        {
            File.Delete(_temporary);
        }
    }

    private static byte[] Header(IReadOnlyList<TensorSpec> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var header = new MemoryStream();
        header.Write(stackalloc byte[SafetensorsHeader.PrefixBytes]);
        using (var json = new Utf8JsonWriter(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            WriteHeader(json, tensors, metadata);
        }

        while (header.Length % Alignment != 0)
        {
            header.WriteByte((byte)' ');
        }

        var bytes = header.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - SafetensorsHeader.PrefixBytes);
        return bytes;
    }

    private static void WriteHeader(Utf8JsonWriter json, IReadOnlyList<TensorSpec> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        json.WriteStartObject();
        if (metadata is { Count: > 0 })
        {
            json.WriteStartObject(HeaderJson.MetadataKey);
            foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        var names = new HashSet<string> { HeaderJson.MetadataKey };
        var position = 0L;
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"'{tensor.Name}' can't be the name of a tensor, or names two.", nameof(tensors));
            }

            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.DType.Code());
            WriteNumbers(json, "shape", [.. tensor.Shape]);
            WriteNumbers(json, "data_offsets", [position, position += tensor.ByteCount]);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(key);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
