using System.Diagnostics;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>A file system in memory that has room for too few files at first (a plan refuses too few bytes): wherever in the run it is full, the run goes on once there is room.</summary>
public sealed class WhenTheDiskIsFull : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _disk;

    public WhenTheDiskIsFull() => _disk = Directory.CreateDirectory(_folder["disk"]).FullName;

    public void Dispose()
    {
        Call("umount", _disk);
        _folder.Dispose();
    }

    [Fact]
    public void It_is_said_in_three_lines_and_the_run_resumes_to_the_same_bytes_once_there_is_room()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Call("mount", "-t", "tmpfs", "-o", "nr_inodes=8", "tmpfs", _disk), "Needs Linux and the right to mount.");
        var recipe = TinyRecipe.Write(_folder);
        Assert.Equal(0, Run(recipe, _folder["whole"]).ExitCode);
        var full = 0;
        for (var files = 8; files <= 1000; files = (files * 5 / 4) + 1)
        {
            Assert.True(Call("mount", "-o", $"remount,nr_inodes={files}", _disk));
            var runs = Path.Combine(_disk, "runs");
            var run = Run(recipe, runs);
            if (run.ExitCode == 0)
            {
                break;
            }

            Assert.Equal(2, run.ExitCode);
            Assert.Matches("The disk is full|No space left", run.Error);
            Assert.Equal(3, run.Error.TrimEnd('\n').Split('\n').Length);
            full++;
            Assert.True(Call("mount", "-o", "remount,nr_inodes=10000", _disk));
            Assert.Equal(0, (RunFolder.NewestUnfinished(runs, "tiny") is null ? Run(recipe, runs) : Run(recipe, runs, "--resume")).ExitCode);
            AssertSame(_folder["whole/tiny/1"], Path.Combine(runs, "tiny", "1"));
            Directory.Delete(runs, recursive: true);
        }

        Assert.True(full >= 4, $"full {full} times");
    }

    private static Seer Run(string recipe, string runs, params string[] options) => Seer.Run(["run", recipe, "--device", "cpu", "--quiet", "--output", runs, .. options]);

    private static void AssertSame(string whole, string run)
    {
        HashedFile[] expected = [.. HashedFile.Below(whole, whole).Where(file => file.Path != RunEvents.Name)];
        Assert.Equal(expected, HashedFile.Below(run, run).Where(file => file.Path != RunEvents.Name));
    }

    private static bool Call(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no such program
        }
    }
}
