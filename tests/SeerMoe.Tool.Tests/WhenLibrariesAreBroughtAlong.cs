using SeerMoe.Testing;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Tests;

public sealed class WhenLibrariesAreBroughtAlong : IDisposable
{
    private readonly TemporaryFolder _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Those_that_pass_every_check_are_used_from_then_on()
    {
        var folder = Backend.Active()!.Folder;
        var use = SeerProcess.Run(_machine, null, "backend", "use", folder);

        Assert.Equal((0, $"path: {folder}\n", ""), (use.ExitCode, use.Output, use.Error));
        Assert.Contains($"\n* path       {folder}\n", SeerProcess.Run(_machine, null, "backend", "list").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_them_is_refused()
    {
        SeerProcess.Run(_machine, null, "backend", "use", _machine.Path).AssertRefused("There is no libtorch_cpu", _machine.Path, "dotnet seer backend install cpu");
        Assert.False(Directory.Exists(_machine[".seer"]));
    }

    [Fact]
    public void Files_that_are_no_libraries_are_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The names are those of Linux.");
        foreach (var name in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
        {
            _machine.Write(name, "not a library");
        }

        SeerProcess.Run(_machine, null, "backend", "use", _machine.Path).AssertRefused("libtorch can't be loaded", _machine.Path, "dotnet seer backend install cpu");
        Assert.False(Directory.Exists(_machine[".seer"]));
    }

    [Fact]
    public void One_that_has_gone_is_named_and_no_other_takes_its_place()
    {
        Directory.CreateDirectory(_machine[".seer/backends/path"]);
        _machine.Write(".seer/backends/path/native-folder.txt", $"{_machine["gone"]}\n{Backend.Version}\n");
        _machine.Write(".seer/backends/active.txt", "path\n");
        var config = _machine.Write("config.json", PicoCheckpoint.ConfigText());

        SeerProcess.Run(_machine, UserFolders.Packages, "init", "--config", config, "--output", _machine["out"])
            .AssertRefused("The backend 'path'", _machine[".seer/backends/path"], "dotnet seer backend use PATH");
    }
}
