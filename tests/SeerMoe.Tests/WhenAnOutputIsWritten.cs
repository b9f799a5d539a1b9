using SeerMoe.Testing;

namespace SeerMoe.Tests;

/// <summary>Folders and files that appear under their names only when they are whole.</summary>
public sealed class WhenAnOutputIsWritten : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_another_process_left_half_written_stays()
    {
        Directory.CreateDirectory(_folder[$".out.{Environment.ProcessId}.partial"]);
        var mine = _folder.Write($".out.{Environment.ProcessId}.partial/mine", "bytes");

        using (var output = NewFolder.Create(_folder["out"]))
        {
            output.Complete();
        }

        Assert.Equal("bytes", File.ReadAllText(mine));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["out"]));
    }

    [Fact]
    public void Two_folders_of_one_name_do_not_write_into_each_other()
    {
        using var one = NewFolder.Create(_folder["out"]);
        using var other = NewFolder.Create(_folder["out"]);

        Assert.NotEqual(one.Path, other.Path);
    }

    [Fact]
    public void A_folder_that_is_never_completed_leaves_nothing()
    {
        NewFolder.Create(_folder["out"]).Dispose();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_temporary_file_of_another_process_stays()
    {
        var mine = _folder.Write($"lock.json.{Environment.ProcessId}.partial", "bytes");

        AtomicFile.WriteText(_folder["lock.json"], "{}");

        Assert.Equal(("bytes", "{}"), (File.ReadAllText(mine), File.ReadAllText(_folder["lock.json"])));
    }

    [Fact]
    public void A_file_that_can_not_get_its_name_leaves_nothing()
    {
        Directory.CreateDirectory(_folder["lock.json"]);

        Assert.ThrowsAny<Exception>(() => AtomicFile.WriteText(_folder["lock.json"], "{}"));

        Assert.Equal([_folder["lock.json"]], Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
