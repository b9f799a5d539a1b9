namespace SeerMoe.Digests;

/// <summary>
/// The part of a <see cref="DigestCache"/> that outlives the process: a small JSON file for each folder that holds hashed files.
/// Two processes that write one at once lose an entry, which costs one more reading and nothing else.
/// </summary>
internal sealed class RememberedDigests(string folder)
{
    private const int NameDigits = 32;

    private readonly Lock _gate = new();

    public string? Find(string path, FileStamp stamp)
    {
        lock (_gate)
        {
            return Read(path).TryGetValue(Path.GetFileName(path), out var entry) && entry.Stamp == stamp ? entry.Sha256 : null;
        }
    }

    public void Add(string path, FileStamp stamp, string sha256)
    {
        lock (_gate)
        {
            var holder = Path.GetDirectoryName(path)!;
            var entries = Read(path);
            entries[Path.GetFileName(path)] = new Entry(stamp, sha256);
            foreach (var gone in entries.Keys.Where(name => !File.Exists(Path.Combine(holder, name))).ToList())
            {
                entries.Remove(gone);
            }

            try
            {
                Directory.CreateDirectory(folder);
                SeerJson.Write(FileOf(path), new Document("seer/digests@1", holder, entries));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Not remembered: the next process reads the file once more.
            }
        }
    }

    private SortedDictionary<string, Entry> Read(string path)
    {
        var file = FileOf(path);
        try
        {
            return File.Exists(file) ? new(SeerJson.Read<Document>(file, "Delete it.").Files, StringComparer.Ordinal) : new(StringComparer.Ordinal);
        }
        catch (InputException)
        {
            return new(StringComparer.Ordinal); // damaged: as good as none
        }
    }

    private string FileOf(string path)
    {
        var name = TextDigest.Of(Path.GetDirectoryName(path)!);
        return Path.Combine(folder, $"{name[..NameDigits]}.json");
    }

    private sealed record Entry(FileStamp Stamp, string Sha256);

    private sealed record Document(string Schema, string Folder, SortedDictionary<string, Entry> Files);
}
