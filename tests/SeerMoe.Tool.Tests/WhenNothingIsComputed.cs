using System.Diagnostics;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>A child process, because this one may have loaded anything.</summary>
public sealed class WhenNothingIsComputed : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("count", "--help")]
    [InlineData("--version")]
    public void Neither_torch_nor_its_binding_is_loaded(params string[] args) => AssertLight(args);

    [Fact]
    public void Inspect_loads_no_torch() => AssertLight("inspect", Fixtures.Folder("mixtral"));

    [Fact]
    public void Prune_loads_no_torch()
    {
        var plan = _folder.Write("plan.json", """{ "layers": [ { "layer": 1, "survivors": [0, 3] } ] }""");
        AssertLight("prune", "--model", Fixtures.Folder("mixtral"), "--plan", plan, "--output", _folder["out"]);
    }

    private void AssertLight(params string[] args)
    {
        var loaded = _folder["loaded.txt"];
        var start = new ProcessStartInfo("dotnet", [typeof(SeerApp).Assembly.Location, .. args]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        start.Environment[StartupHook.Variable] = loaded;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        Assert.Contains("dotnet-seer", File.ReadAllLines(loaded));
        Assert.DoesNotContain(File.ReadLines(loaded), line => line.Contains("torch", StringComparison.OrdinalIgnoreCase) && line is not ("SeerMoe.Torch" or "SeerMoe.Torch.dll"));
    }
}
