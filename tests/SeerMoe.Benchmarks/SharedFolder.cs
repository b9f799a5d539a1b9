namespace SeerMoe.Benchmarks;

/// <summary>Real data beside the repository, not in it.</summary>
internal static class SharedFolder
{
    /// <summary>Something in the repository itself.</summary>
    public static string InRepository(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "SeerMoe.Tool.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine([folder.FullName, .. parts]);
    }

    /// <summary>Null, and a line on stderr, where it is absent.</summary>
    public static string? Find(params string[] parts)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SeerMoe.Tool.sln")))
            {
                var path = Path.GetFullPath(Path.Combine([folder.FullName, "..", "shared", .. parts]));
                return Path.Exists(path) ? path : Absent(path);
            }
        }

        return Absent(string.Join('/', ["shared", .. parts]));
    }

    private static string? Absent(string path)
    {
        Console.Error.WriteLine($"Skipped: {path} is not there.");
        return null;
    }
}
