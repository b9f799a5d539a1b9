using System.Security.Cryptography;

namespace SeerMoe.Recipes.Locking;

/// <summary>A file by its size and content.</summary>
/// <param name="Path">Relative to whatever the holder says, with '/'.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
public sealed record HashedFile(string Path, long Bytes, string Sha256)
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Reads the file once.</summary>
    /// <exception cref="InputException">It can't be read.</exception>
    /// <exception cref="OperationCanceledException">Interrupted between two pieces.</exception>
    public static HashedFile Of(string fullPath, string path, CancellationToken interrupted = default)
    {
        using var stream = InputFile.Open(fullPath);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[(int)Math.Clamp(stream.Length, 1, ChunkBytes)];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            interrupted.ThrowIfCancellationRequested();
            hash.AppendData(chunk, 0, read);
        }

        return new HashedFile(path, stream.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Every file below a folder, ordinal by path; <paramref name="root"/> is what the paths are relative to.</summary>
    public static IEnumerable<HashedFile> Below(string folder, string root, CancellationToken interrupted = default) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => (FullPath: file, Path: System.IO.Path.GetRelativePath(root, file).Replace('\\', '/')))
        .OrderBy(file => file.Path, StringComparer.Ordinal)
        .Select(file => Of(file.FullPath, file.Path, interrupted));
}
