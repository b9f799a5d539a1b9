namespace SeerMoe.Torch.Runtime;

/// <summary>The folders of a user that this tool keeps things in.</summary>
public static class UserFolders
{
    /// <summary>$SEER_HOME or ~/.seer: what the user has decided and must not be lost.</summary>
    public static string Kept => Variable("SEER_HOME") ?? Path.Combine(Home, ".seer");

    /// <summary>~/.seer/backends.</summary>
    public static string Backends => Path.Combine(Kept, "backends");

    /// <summary>$XDG_CACHE_HOME/seer or ~/.cache/seer: may be deleted at any time.</summary>
    public static string Cache => Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(Home, ".cache"), "seer");

    /// <summary>NuGet's global packages folder, unless a NuGet.config moves it.</summary>
    public static string Packages => Variable("NUGET_PACKAGES") ?? Path.Combine(Home, ".nuget", "packages");

    /// <summary>~/.seer/backends/NAME: what fetched this libtorch, and where it is.</summary>
    public static string Backend(string name) => Path.Combine(Backends, name);

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
