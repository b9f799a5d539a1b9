using System.Collections.Concurrent;

namespace SeerMoe.Digests;

/// <summary>
/// Digests of large files that were read or written before, by path, size, time of the last write and inode: hashing 50 GB again
/// to find out that nothing changed takes minutes, asking for four numbers nothing.
/// </summary>
/// <remarks>
/// A file below <see cref="SmallestBytes"/> is read every time, which takes less than a millisecond. What is remembered may be
/// deleted at any time; a folder that can't be written to remembers nothing.
/// </remarks>
/// <param name="folder">Where it is remembered from one process to the next; null for this process only.</param>
public sealed class DigestCache(string? folder = null)
{
    public const long SmallestBytes = 1 << 20;

    // A file that was written a moment ago may be written again without a change of its time: clocks of file systems tick slowly.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<FileStamp, string> _known = new();
    private readonly RememberedDigests? _remembered = folder is null ? null : new RememberedDigests(folder);

    /// <exception cref="InputException">The file can't be read.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while reading it.</exception>
    public string Sha256(string path, CancellationToken interrupted = default)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full) || FileStamp.Of(full) is not { Bytes: >= SmallestBytes } stamp)
        {
            return FileDigest.Of(full, interrupted);
        }

        if (_remembered?.Find(full, stamp) is { } remembered)
        {
            return _known[stamp] = remembered;
        }

        if (!_known.TryGetValue(stamp, out var sha256))
        {
            sha256 = FileDigest.Of(full, interrupted);
            if (DateTime.UtcNow.Ticks - stamp.WrittenTicks < Settled.Ticks || FileStamp.Of(full) != stamp)
            {
                return sha256;
            }
        }

        Remember(full, stamp, sha256);
        return sha256;
    }

    /// <summary>The digest of a file that this process has just written, taken on the way: nobody need read it again, wherever it is moved.</summary>
    public void Wrote(string path, string sha256)
    {
        // Without an inode nothing tells one file from another of the same size.
        if (FileStamp.Of(path) is { Bytes: >= SmallestBytes, Inode: > 0 } stamp)
        {
            _known[stamp] = sha256;
        }
    }

    private void Remember(string path, FileStamp stamp, string sha256)
    {
        _known[stamp] = sha256;
        _remembered?.Add(path, stamp, sha256);
    }
}
