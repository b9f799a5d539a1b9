namespace SeerMoe.Torch.Runtime;

/// <summary>
/// The builds of libtorch that this tool can compute with, by name, and which of them it takes. What is known of each stands in the
/// user's folder:
/// <code>
/// ~/.seer/backends/cpu/native-folder.txt         two lines: the folder with its libraries, the version of libtorch
/// ~/.seer/backends/cuda-12.8/native-folder.txt
/// ~/.seer/backends/path/native-folder.txt        libraries that the user brought along
/// ~/.seer/backends/active.txt                    the name of the one in use; cpu where there is none
/// </code>
/// </summary>
/// <param name="Name">"cpu", "cuda-12.8" or "path".</param>
/// <param name="Folder">Full path of the folder with its libraries.</param>
public sealed record Backend(string Name, string Folder)
{
    public const string Cpu = "cpu";

    /// <summary>The CUDA that this version of TorchSharp was built for.</summary>
    public const string Cuda = "cuda-12.8";

    /// <summary>A folder of the user's own.</summary>
    public const string Path = "path";

    /// <summary>Every name, in the order in which they are listed.</summary>
    public static IReadOnlyList<string> Names => [Cpu, Cuda, Path];

    /// <summary>The names of those that NuGet has.</summary>
    public static IReadOnlyList<string> Installable => [Cpu, Cuda];

    /// <summary>The version of libtorch that they all are of.</summary>
    public static string Version => NativeFolder.Version;

    /// <summary>The name of the one in use, which need not be there.</summary>
    public static string ActiveName => File.Exists(ActiveFile) && File.ReadAllText(ActiveFile).Trim() is var name && Names.Contains(name) ? name : Cpu;

    private static string ActiveFile => System.IO.Path.Combine(UserFolders.Backends, "active.txt");

    /// <summary>The one that a command would compute with; null where it is not on this machine.</summary>
    /// <exception cref="InputException">The variable SEER_LIBTORCH names a folder without libtorch.</exception>
    public static Backend? Active() => NativeFolder.Installed() is { } folder ? new Backend(NativeFolder.IsChosenByVariable ? Path : ActiveName, folder) : null;

    /// <summary>The one of this name, where it is on this machine and of this tool's version.</summary>
    public static Backend? Find(string name) => NativeFolder.Remembered(MemoryFile(name)) is { } folder ? new Backend(name, folder)
        : name == Cpu && NativeFolder.Restored() is { } restored ? new Backend(name, restored)
        : null;

    /// <summary>Remembers where it is, and computes with it from now on.</summary>
    public void Activate()
    {
        Directory.CreateDirectory(UserFolders.Backend(Name));
        AtomicFile.WriteText(MemoryFile(Name), $"{Folder}\n{Version}\n");
        AtomicFile.WriteText(ActiveFile, $"{Name}\n");
    }

    /// <summary>The file that remembers where the backend of this name is.</summary>
    internal static string MemoryFile(string name) => System.IO.Path.Combine(UserFolders.Backend(name), "native-folder.txt");
}
