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
    private readonly bool _keepsHalf;
    private bool _complete;

    private NewFolder(string path, string target, bool keepsHalf) => (Path, Target, _keepsHalf) = (path, target, keepsHalf);

    /// <summary>The folder to write into until <see cref="Complete"/>.</summary>
    public string Path { get; }

    /// <summary>The name that it will have.</summary>
    public string Target { get; }

    /// <exception cref="InputException">The folder exists already, or a file stands in its place.</exception>
    public static NewFolder Create(string target)
    {
        // A name that nobody else has: what another process left half-written is not ours to delete.
        return At(target, $".{Guid.NewGuid():N}", keepsHalf: false);
    }

    /// <summary>The same, with what an earlier process left half-written; keeps it for the next one where this one fails too.</summary>
    /// <exception cref="InputException">The folder exists already, or a file stands in its place.</exception>
    public static NewFolder Continue(string target) => At(target, "", keepsHalf: true);

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
        if (!_complete && !_keepsHalf && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private static NewFolder At(string target, string suffix, bool keepsHalf)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        RefuseExisting(full);
        var parent = System.IO.Path.GetDirectoryName(full)
            ?? throw new InputException("The output folder has no parent folder.", full, "Name a folder below an existing one.");
        var path = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(full)}{suffix}.partial");
        Directory.CreateDirectory(path);
        return new NewFolder(path, full, keepsHalf);
    }
}
