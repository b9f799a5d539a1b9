using SeerMoe.Testing;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Torch.Tests.Runtime;

public sealed class TheFolderOfLibTorchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Is_where_the_user_says()
    {
        _folder.Write(NativeFolder.FileOf("torch_cpu"), "");
        Assert.Equal(_folder.Path, NativeFolder.Chosen(_folder.Path));
    }

    [Fact]
    public void Is_an_error_when_the_user_names_an_empty_one()
    {
        var error = Assert.Throws<InputException>(() => NativeFolder.Chosen(_folder.Path));
        Assert.Equal(_folder.Path, error.Where);
    }

    [Fact]
    public void Is_remembered()
    {
        _folder.Write(NativeFolder.FileOf("torch_cpu"), "");
        Assert.Equal(_folder.Path, NativeFolder.Remembered(_folder.Write("memory.txt", $"{_folder.Path}\n{NativeFolder.Version}\n")));
    }

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("")]
    public void Is_forgotten_with_the_version(string version)
    {
        _folder.Write(NativeFolder.FileOf("torch_cpu"), "");
        Assert.Null(NativeFolder.Remembered(_folder.Write("memory.txt", $"{_folder.Path}\n{version}\n")));
    }

    [Fact]
    public void Is_forgotten_when_it_has_gone() =>
        Assert.Null(NativeFolder.Remembered(_folder.Write("memory.txt", $"{_folder["gone"]}\n{NativeFolder.Version}\n")));

    [Fact]
    public void Is_not_remembered_at_first() =>
        Assert.Null(NativeFolder.Remembered(_folder["memory.txt"]));

    [Fact]
    public void Is_never_copied_beside_the_program() =>
        Assert.Empty(Directory.EnumerateFiles(AppContext.BaseDirectory, "*torch_cpu*", SearchOption.AllDirectories));

    [Fact]
    public void Has_a_version_for_the_lock() =>
        Assert.StartsWith(NativeFolder.Version, EnvironmentVersions.LibTorch, StringComparison.Ordinal);

    [Fact]
    public void Has_the_version_that_TorchSharp_was_built_against()
    {
        Assert.StartsWith($"{NativeFolder.Version}.", TorchSharp.torch.__version__, StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d+\.\d+$", EnvironmentVersions.TorchSharp);
    }

    public void Dispose() => _folder.Dispose();
}
