using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
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
    private readonly TrailingHash? _hash;
    private long _missing;
    private bool _complete;

    private SafetensorsWriter(string path, long headerBytes, long dataBytes, DigestCache? digests)
    {
        _path = path;
        _digests = digests;
        _temporary = AtomicFile.TemporaryName(path);
        _missing = dataBytes;

        // Asking for the whole size first finds a full disk before hours of work, not after.
        _stream = new FileStream(_temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = digests is null ? FileAccess.Write : FileAccess.ReadWrite, // what is hashed is read again
            BufferSize = BufferBytes,
            PreallocationSize = headerBytes + dataBytes,
        });
        _hash = digests is null ? null : new TrailingHash(_stream.SafeFileHandle);
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
        Take(bytes.Length);
        _stream.Write(bytes);
        if (bytes.Length >= BufferBytes)
        {
            Flush();
        }
    }

    /// <summary>Appends the next bytes from another file.</summary>
    /// <exception cref="OperationCanceledException">Interrupted between two pieces.</exception>
    public void CopyFrom(SafeFileHandle source, long offset, long length, CancellationToken interrupted = default)
    {
        Take(length);
        _stream.Flush();
        var start = _stream.Position;
        FileRange.Copy(source, offset, _stream.SafeFileHandle, start, length, interrupted, done => _hash?.Reached(start + done));
        _stream.Position = start + length;
    }

    /// <summary>Brings every byte to the disk and gives the file its name.</summary>
    public void Complete()
    {
        if (_missing > 0)
        {
            throw new InvalidOperationException($"{_missing} bytes of the declared tensors were not written to {_path}.");
        }

        Flush();
        _stream.Flush(flushToDisk: true);
        var digest = _hash?.Finish();
        _stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _complete = true;
        if (digest is not null)
        {
            _digests!.Wrote(_path, digest);
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

    private void Take(long bytes)
    {
        _missing -= bytes;
        if (_missing < 0)
        {
            throw new InvalidOperationException($"{bytes} bytes more for {_path}, whose tensors lack only {_missing + bytes}.");
        }
    }

    private void Flush()
    {
        _stream.Flush();
        _hash?.Reached(_stream.Position);
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
