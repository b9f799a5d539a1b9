using SeerMoe.Digests;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Digests;

/// <summary>A digest that is wrong for the bytes shows that nobody read them.</summary>
public sealed class RememberingDigests : IDisposable
{
    private static readonly DateTime LongAgo = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    private string Remembered => _folder["digests"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Spares_the_reading_of_a_file_that_nobody_touched()
    {
        var path = Large("a", fill: 1);
        var first = new DigestCache(Remembered).Sha256(path);
        ChangeUnseen(path);

        Assert.Equal(FileDigest.Of(Large("b", fill: 1)), first);
        Assert.Equal(first, new DigestCache(Remembered).Sha256(path));
        Assert.NotEqual(first, FileDigest.Of(path));
    }

    [Fact]
    public void Reads_again_what_has_another_time()
    {
        var path = Large("a", fill: 1);
        var first = new DigestCache(Remembered).Sha256(path);
        ChangeUnseen(path);
        File.SetLastWriteTimeUtc(path, LongAgo.AddSeconds(1));

        Assert.Equal(FileDigest.Of(path), new DigestCache(Remembered).Sha256(path));
        Assert.NotEqual(first, FileDigest.Of(path));
    }

    [Fact]
    public void Reads_again_what_has_another_inode()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Inodes are asked for on Linux.");
        var path = Large("a", fill: 1);
        new DigestCache(Remembered).Sha256(path);
        File.Move(Large("b", fill: 2), path, overwrite: true);

        Assert.Equal(FileDigest.Of(path), new DigestCache(Remembered).Sha256(path));
    }

    [Fact]
    public void Reads_again_what_was_written_a_moment_ago()
    {
        var path = Large("a", fill: 1);
        var now = DateTime.UtcNow;
        File.SetLastWriteTimeUtc(path, now);
        var digests = new DigestCache(Remembered);
        digests.Sha256(path);
        ChangeUnseen(path, now);

        Assert.Equal(FileDigest.Of(path), digests.Sha256(path));
    }

    [Fact]
    public void Always_reads_what_is_small()
    {
        var path = _folder.Write("small", "one");
        File.SetLastWriteTimeUtc(path, LongAgo);
        var digests = new DigestCache(Remembered);
        var first = digests.Sha256(path);
        File.WriteAllText(path, "two");
        File.SetLastWriteTimeUtc(path, LongAgo);

        Assert.NotEqual(first, digests.Sha256(path));
        Assert.False(Directory.Exists(Remembered));
    }

    [Fact]
    public void Knows_what_this_process_wrote_wherever_it_was_moved()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Inodes are asked for on Linux.");
        var digests = new DigestCache();
        var path = Large("a", fill: 1);
        digests.Wrote(path, "taken while writing");
        File.Move(path, _folder["moved"]);

        Assert.Equal("taken while writing", digests.Sha256(_folder["moved"]));
    }

    [Fact]
    public void Goes_on_without_a_memory_that_is_damaged_or_not_writable()
    {
        var path = Large("a", fill: 1);
        new DigestCache(Remembered).Sha256(path);
        File.WriteAllText(Directory.GetFiles(Remembered).Single(), "{");

        Assert.Equal(FileDigest.Of(path), new DigestCache(Remembered).Sha256(path));
        Assert.Equal(FileDigest.Of(path), new DigestCache(Path.Combine(path, "below a file")).Sha256(path));
    }

    private string Large(string name, byte fill)
    {
        var bytes = new byte[DigestCache.SmallestBytes];
        Array.Fill(bytes, fill);
        File.WriteAllBytes(_folder[name], bytes);
        File.SetLastWriteTimeUtc(_folder[name], LongAgo);
        return _folder[name];
    }

    /// <summary>Other bytes in the same place, at the same time.</summary>
    private static void ChangeUnseen(string path, DateTime? time = null)
    {
        using (var stream = new FileStream(path, FileMode.Open))
        {
            stream.WriteByte(99);
        }

        File.SetLastWriteTimeUtc(path, time ?? LongAgo);
    }
}
