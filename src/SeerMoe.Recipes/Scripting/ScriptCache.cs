using System.Buffers.Binary;
using System.Security.Cryptography;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Scripting;

/// <summary>
/// Compiled scripts in the user's cache folder: $XDG_CACHE_HOME/seer/scripts/KEY.script. An entry whose digest is not that of its
/// bytes is compiled again; a cache that can't be written costs time and nothing else.
/// <code>
/// SHA-256 of what follows (32 bytes) | length of the library (4 bytes, little-endian) | library | symbols
/// </code>
/// </summary>
internal sealed class ScriptCache(string folder)
{
    private const int LengthBytes = sizeof(int);

    public static ScriptCache OfUser { get; } = new(Path.Combine(UserFolders.Cache, "scripts"));

    /// <summary>The script of these sources: kept before, or made now and kept.</summary>
    public CompiledScript Get(ScriptSources sources, Func<CompiledScript> compile)
    {
        var path = Path.Combine(folder, $"{ScriptHost.KeyOf(sources)}.script");
        if (Find(path) is { } kept)
        {
            return kept;
        }

        var script = compile();
        Keep(path, script);
        return script;
    }

    private static CompiledScript? Find(string path)
    {
        try
        {
            return File.Exists(path) ? Unpack(File.ReadAllBytes(path)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Keep(string path, CompiledScript script)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.WriteBytes(path, Pack(script));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next run compiles again.
        }
    }

    private static byte[] Pack(CompiledScript script)
    {
        byte[] body = [.. new byte[LengthBytes], .. script.Library, .. script.Symbols];
        BinaryPrimitives.WriteInt32LittleEndian(body, script.Library.Length);
        return [.. SHA256.HashData(body), .. body];
    }

    private static CompiledScript? Unpack(byte[] entry)
    {
        if (entry.Length < SHA256.HashSizeInBytes + LengthBytes || !SHA256.HashData(entry.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(entry.AsSpan(0, SHA256.HashSizeInBytes)))
        {
            return null;
        }

        var body = entry.AsSpan(SHA256.HashSizeInBytes);
        var length = BinaryPrimitives.ReadInt32LittleEndian(body);
        var content = body[LengthBytes..];
        return new CompiledScript(content[..length].ToArray(), content[length..].ToArray());
    }
}
