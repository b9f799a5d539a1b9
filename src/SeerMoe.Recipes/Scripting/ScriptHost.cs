using System.Security.Cryptography;
using System.Text;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Scripting;

/// <summary>What a script is compiled against, and the digest of it all: nothing here touches the compiler.</summary>
internal static class ScriptHost
{
    // A compiled script of another layout is another script.
    private const string Layout = "seer/script@1";

    /// <summary>.NET's own library and this project with those below it.</summary>
    public static IReadOnlyList<string> References { get; } =
    [
        .. ((AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string) ?? "").Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Order(StringComparer.Ordinal),
        .. Own.Select(type => type.Assembly.Location),
    ];

    private static Type[] Own => [typeof(InputException), typeof(UserFolders), typeof(RecipeGlobals)];

    /// <summary>SHA-256 over every source, the builds of this tool, and the runtime whose library they are compiled against.</summary>
    public static string KeyOf(ScriptSources sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] host = [Layout, Environment.Version.ToString(), .. Own.Select(type => $"{type.Assembly.GetName().Name} {type.Module.ModuleVersionId}"), .. References.Select(path => Path.GetFileName(path))];
        foreach (var text in host.Concat(sources.Texts.SelectMany(source => new[] { source.Key, source.Value })).Append(sources.Main))
        {
            // Each text after its length, so that no two rows of texts give one row of bytes.
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
