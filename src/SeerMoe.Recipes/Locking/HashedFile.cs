using SeerMoe.Digests;

namespace SeerMoe.Recipes.Locking;

/// <summary>A file by its size and content.</summary>
/// <param name="Path">Relative to whatever the holder says, with '/'.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
public sealed record HashedFile(string Path, long Bytes, string Sha256)
{
    /// <summary>Reads the file once.</summary>
    /// <exception cref="InputException">It can't be read.</exception>
    /// <exception cref="OperationCanceledException">Interrupted between two pieces.</exception>
    public static HashedFile Of(string fullPath, string path, CancellationToken interrupted = default)
    {
        var sha256 = FileDigest.Of(fullPath, interrupted);
        return new HashedFile(path, new FileInfo(fullPath).Length, sha256);
    }

    /// <summary>Reads the file only where its digest is not known.</summary>
    /// <inheritdoc cref="Of(string, string, CancellationToken)"/>
    public static HashedFile Of(string fullPath, string path, DigestCache digests, CancellationToken interrupted = default)
    {
        var sha256 = digests.Sha256(fullPath, interrupted);
        return new HashedFile(path, new FileInfo(fullPath).Length, sha256);
    }

    /// <summary>Every file below a folder, ordinal by path; <paramref name="root"/> is what the paths are relative to.</summary>
    public static IEnumerable<HashedFile> Below(string folder, string root, DigestCache? digests = null, CancellationToken interrupted = default) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => (FullPath: file, Path: System.IO.Path.GetRelativePath(root, file).Replace('\\', '/')))
        .OrderBy(file => file.Path, StringComparer.Ordinal)
        .Select(file => digests is null ? Of(file.FullPath, file.Path, interrupted) : Of(file.FullPath, file.Path, digests, interrupted));
}
