using Xunit;

namespace SeerMoe.Testing;

/// <summary>Reference checkpoints and real data files that stand beside the repository, not in it.</summary>
public static class Fixtures
{
    /// <summary>Folder of a tiny checkpoint with reference results; skips the test where it is absent.</summary>
    public static string Folder(string name) => Shared("fixtures", name);

    /// <summary>A real data file or folder; skips the test where it is absent.</summary>
    public static string Data(params string[] parts) => Shared(["data", .. parts]);

    /// <summary>A real tokenizer's folder or golden file; skips the test where it is absent.</summary>
    public static string Tokenizer(string name) => Shared("tokenizers", name);

    private static string Shared(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([Repository.Root, "..", "shared", .. parts]));
        if (!Directory.Exists(path) && !File.Exists(path))
        {
            Assert.Skip($"shared/{string.Join('/', parts)} is not beside the repository.");
        }

        return path;
    }
}
