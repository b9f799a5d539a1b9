namespace SeerMoe.Testing;

/// <summary>Where the sources are, seen from a test's output folder.</summary>
public static class Repository
{
    /// <summary>The folder that holds SeerMoe.Tool.sln.</summary>
    public static string Root { get; } = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "SeerMoe.Tool.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run below the repository.");
    }
}
