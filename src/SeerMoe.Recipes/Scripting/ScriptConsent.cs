using System.Security.Cryptography;
using System.Text;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Scripting;

/// <summary>
/// That the user has agreed to run a script, which is C# with all of the user's rights. Consent is for these very bytes, the loaded
/// files included: a script that was changed is asked for again.
/// <code>
/// ~/.seer/trusted/SHA-256    a file each, by the digest of the script and all that it loads; holds the script's path
/// </code>
/// </summary>
public sealed class ScriptConsent
{
    private readonly string _path;

    private ScriptConsent(string path, string digest) => (_path, Digest) = (Path.GetFullPath(path), digest);

    /// <summary>Where consent is recorded.</summary>
    public static string Folder => Path.Combine(UserFolders.Kept, "trusted");

    /// <summary>64 hexadecimal digits.</summary>
    public string Digest { get; }

    /// <summary>Whether it was given before.</summary>
    public bool IsGiven => File.Exists(RecordFile);

    private string RecordFile => Path.Combine(Folder, Digest);

    /// <param name="sources">What would run.</param>
    /// <param name="path">Of the script, as the user gave it.</param>
    internal static ScriptConsent For(ScriptSources sources, string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in sources.Texts.SelectMany(source => new[] { source.Key, source.Value }))
        {
            // Each text after its length, so that no two rows of texts give one row of bytes.
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return new ScriptConsent(path, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Remembers it.</summary>
    public void Record()
    {
        Directory.CreateDirectory(Folder);
        AtomicFile.WriteText(RecordFile, $"{_path}\n");
    }
}
