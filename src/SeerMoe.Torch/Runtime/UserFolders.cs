namespace SeerMoe.Torch.Runtime;

/// <summary>The two folders of a user that this tool keeps things in.</summary>
public static class UserFolders
{
    /// <summary>~/.seer/backends/cpu: where the CPU libtorch was found or restored.</summary>
    public static string CpuBackend => Path.Combine(Home, ".seer", "backends", "cpu");

    /// <summary>$XDG_CACHE_HOME/seer or ~/.cache/seer: may be deleted at any time.</summary>
    public static string Cache => Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(Home, ".cache"), "seer");

    /// <summary>NuGet's global packages folder, unless a NuGet.config moves it.</summary>
    public static string Packages => Variable("NUGET_PACKAGES") ?? Path.Combine(Home, ".nuget", "packages");

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
