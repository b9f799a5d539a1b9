using System.Collections.Immutable;
using SeerMoe.Digests;
using SeerMoe.Recipes.Locking;

namespace SeerMoe.Recipes.Caching;

/// <summary>
/// What was done before in any run below one folder, by the key of its stage. The artifacts stay in their runs; this only knows where.
/// <code>
/// runs/.cache/3f2a...json          key -> quickstart/1/1-count, and the digest of every file in it
/// runs/quickstart/1/1-count/...    the files; a run that reuses them gets hard links
/// </code>
/// </summary>
/// <remarks>Deleting the cache, or a run, costs computing it again and nothing else: whatever is found is checked file by file first.</remarks>
/// <param name="root">Holds the runs: `runs`, or what --output says.</param>
/// <param name="digests">Spares the reading of large files that nobody touched.</param>
public sealed class StageCache(string root, DigestCache? digests = null)
{
    // What a file that another process holds is refused with.
    private const int HeldOnLinux = 11;
    private const int HeldOnMacOS = 35;
    private const int HeldOnWindows = unchecked((int)0x80070020);

    private const string Schema = "seer/stage@1";
    private const string FolderName = ".cache";

    // Runs that share a stage by hard links: more names for it than this help nobody.
    private const int MostFolders = 8;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly string _root = Path.GetFullPath(root);

    public DigestCache Digests { get; } = digests ?? new DigestCache();

    /// <summary>Null where the stage was never done, or is not any more what it was.</summary>
    /// <exception cref="OperationCanceledException">Interrupted while hashing.</exception>
    public DoneStage? Find(string key, CancellationToken interrupted = default)
    {
        if (Read(key) is not { } entry)
        {
            return null;
        }

        var found = entry.Folders.Select(name => new DoneStage(name, Path.Combine(_root, name), entry.Outputs));
        return found.FirstOrDefault(stage => stage.Outputs.All(output => IsThere(stage.Folder, output, interrupted)));
    }

    /// <summary>Whether a folder is known to hold the stage, and holds it still.</summary>
    /// <exception cref="OperationCanceledException">Interrupted while hashing.</exception>
    public bool Holds(string key, string folder, CancellationToken interrupted = default) =>
        Read(key) is { } entry && entry.Folders.Contains(NameOf(folder)) && entry.Outputs.All(output => IsThere(folder, output, interrupted));

    /// <summary>Whether a folder is known to have held the stage, and does not any more.</summary>
    /// <exception cref="OperationCanceledException">Interrupted while hashing.</exception>
    public bool HeldOnce(string key, string folder, CancellationToken interrupted = default) =>
        Read(key) is { } entry && entry.Folders.Contains(NameOf(folder)) && !Holds(key, folder, interrupted);

    /// <summary>Remembers a stage.</summary>
    /// <param name="key">Of the stage.</param>
    /// <param name="folder">Holds its files, or will in a moment.</param>
    /// <param name="outputs">Relative to <paramref name="folder"/>.</param>
    public void Add(string key, string folder, ImmutableArray<HashedFile> outputs)
    {
        var name = NameOf(folder);
        Directory.CreateDirectory(Path.Combine(_root, FolderName));
        var known = Read(key) is { } entry && entry.Outputs.SequenceEqual(outputs) ? entry.Folders : [];
        SeerJson.Write(PathOf(key, "json"), new Entry(Schema, key, [.. known.Except([name], StringComparer.Ordinal).Append(name).TakeLast(MostFolders)], outputs));
    }

    /// <summary>Waits until no other run computes the stage: it will be there to reuse. Dispose it when the stage was added.</summary>
    /// <param name="key">Of the stage.</param>
    /// <param name="waiting">Called again and again while another run has it.</param>
    /// <exception cref="OperationCanceledException">Interrupted while waiting.</exception>
    public IDisposable Claim(string key, Action? waiting = null, CancellationToken interrupted = default)
    {
        Directory.CreateDirectory(Path.Combine(_root, FolderName));
        while (true)
        {
            interrupted.ThrowIfCancellationRequested();
            try
            {
                // The system lets go of it when the process ends, however it ends. It stays, empty: were it deleted, one run could hold the file that had this name and
                // another the file that has it.
                return new FileStream(PathOf(key, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException error) when (error.HResult is HeldOnLinux or HeldOnMacOS or HeldOnWindows)
            {
                waiting?.Invoke();
                interrupted.WaitHandle.WaitOne(BetweenTries);
            }
            catch (UnauthorizedAccessException error)
            {
                throw new InputException("This stage's lock belongs to another user.", PathOf(key, "lock"), "Ask for write access to the folder and its files, or write to another folder (--output).", error);
            }
        }
    }

    private bool IsThere(string folder, HashedFile output, CancellationToken interrupted)
    {
        var file = new FileInfo(Path.Combine(folder, output.Path));
        return file.Exists && file.Length == output.Bytes && Digests.Sha256(file.FullName, interrupted) == output.Sha256;
    }

    private Entry? Read(string key)
    {
        try
        {
            // What another version wrote, or anything damaged, is as good as none.
            return File.Exists(PathOf(key, "json")) && SeerJson.Read<Entry>(PathOf(key, "json"), "Delete it.") is { Schema: Schema, Folders.IsDefault: false, Outputs.IsDefault: false } entry && entry.Key == key ? entry : null;
        }
        catch (InputException)
        {
            return null;
        }
    }

    private string NameOf(string folder) => Path.GetRelativePath(_root, folder).Replace('\\', '/');

    private string PathOf(string key, string extension) => Path.Combine(_root, FolderName, $"{key}.{extension}");

    private sealed record Entry(string Schema, string Key, ImmutableArray<string> Folders, ImmutableArray<HashedFile> Outputs);
}
