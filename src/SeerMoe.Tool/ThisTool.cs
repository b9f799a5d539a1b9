namespace SeerMoe.Tool;

/// <summary>How this very tool is called from elsewhere on machines that see the same files.</summary>
public static class ThisTool
{
    /// <summary>A command and its first arguments: the installed tool itself, or `dotnet` with the tool's assembly.</summary>
    public static IReadOnlyList<string> Call { get; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet-seer" ? [path] : ["dotnet", typeof(ThisTool).Assembly.Location];
}
