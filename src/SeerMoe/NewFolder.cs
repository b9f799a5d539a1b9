namespace SeerMoe;

/// <summary>
/// An output folder that appears under its name only when it is whole: files go to a hidden sibling,
/// <see cref="Complete"/> renames it. A folder that exists already is refused before anything is written.
/// <code>
/// out/            does not exist yet
/// .out.3f2a...partial/   written here ... then renamed to out/
/// </code>
/// </summary>
public sealed class NewFolder : IDisposable
{
    private bool _complete;

    private NewFolder(string path, string target) => (Path, Target) = (path, target);

    /// <summary>The folder to write into until <see cref="Complete"/>.</summary>
    public string Path { get; }

    /// <summary>The name that it will have.</summary>
    public string Target { get; }

    /// <exception cref="InputException">The folder exists already, or a file stands in its place.</exception>
    public static NewFolder Create(string target)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        RefuseExisting(full);
        var parent = System.IO.Path.GetDirectoryName(full)
            ?? throw new InputException("The output folder has no parent folder.", full, "Name a folder below an existing one.");

        // A name that nobody else has: what another process left half-written is not ours to delete.
        var path = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(full)}.{Guid.NewGuid():N}.partial");
        Directory.CreateDirectory(path);
        return new NewFolder(path, full);
    }

    /// <exception cref="InputException">The folder exists already.</exception>
    public static void RefuseExisting(string target)
    {
        if (Directory.Exists(target) || System.IO.File.Exists(target))
        {
            throw new InputException("The output is there already; nothing is ever overwritten.", target, "Name a new folder with --output, or remove the old one yourself.");
        }
    }

    /// <summary>The path of a file in it.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Gives the folder its name.</summary>
    public void Complete()
    {
        Directory.Move(Path, Target);
        _complete = true;
    }

    public void Dispose()
    {
        if (!_complete && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
