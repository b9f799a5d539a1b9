/// <summary>
/// Runs in a child process before its Main (DOTNET_STARTUP_HOOKS; the runtime wants exactly this name, outside any namespace):
/// writes what the process has loaded, managed and native, when it ends.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "MA0047:Declare types in namespaces", Justification = "The runtime looks for it outside any namespace.")]
internal static class StartupHook
{
    /// <summary>Names the file to write.</summary>
    public const string Variable = "SEER_TEST_LOADED";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } path)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            {
                var managed = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name!);
                var mapped = File.Exists("/proc/self/maps") ? File.ReadAllLines("/proc/self/maps") : [];
                File.WriteAllLines(path, managed.Concat(mapped.Select(line => Path.GetFileName(line))));
            };
        }
    }
}
