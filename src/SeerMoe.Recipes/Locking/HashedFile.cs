using System.Security.Cryptography;

namespace SeerMoe.Recipes.Locking;

/// <summary>A file by its size and content.</summary>
/// <param name="Path">Relative to whatever the holder says, with '/'.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
public sealed record HashedFile(string Path, long Bytes, string Sha256)
{
    /// <summary>Reads the file once.</summary>
    /// <exception cref="InputException">It can't be read.</exception>
    public static HashedFile Of(string fullPath, string path)
    {
        using var stream = InputFile.Open(fullPath);
        return new HashedFile(path, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    /// <summary>Every file below a folder, ordinal by path; <paramref name="root"/> is what the paths are relative to.</summary>
    public static IEnumerable<HashedFile> Below(string folder, string root) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => (FullPath: file, Path: System.IO.Path.GetRelativePath(root, file).Replace('\\', '/')))
        .OrderBy(file => file.Path, StringComparer.Ordinal)
        .Select(file => Of(file.FullPath, file.Path));
}
