using System.Security.Cryptography;

namespace SeerMoe.Digests;

/// <summary>SHA-256 of a file, 64 hexadecimal digits.</summary>
public static class FileDigest
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="InputException">It can't be read.</exception>
    /// <exception cref="OperationCanceledException">Interrupted between two pieces.</exception>
    public static string Of(string path, CancellationToken interrupted = default)
    {
        using var stream = InputFile.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[(int)Math.Clamp(stream.Length, 1, ChunkBytes)];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            interrupted.ThrowIfCancellationRequested();
            hash.AppendData(chunk, 0, read);
        }

        return TextOf(hash);
    }

    /// <summary>The digest of all that was appended.</summary>
    public static string TextOf(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
