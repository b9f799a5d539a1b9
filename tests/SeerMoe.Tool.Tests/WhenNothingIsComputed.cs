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
    public void Neither_libtorch_nor_its_binding_is_loaded(params string[] args) => Assert.DoesNotContain("TorchSharp", Loaded(args));

    [Fact]
    public void Inspect_loads_no_native_code() => AssertNotNative("inspect", Fixtures.Folder("mixtral"));

    [Fact]
    public void Prune_loads_no_native_code()
    {
        var plan = _folder.Write("plan.json", """{ "layers": [ { "layer": 1, "survivors": [0, 3] } ] }""");
        AssertNotNative("prune", "--model", Fixtures.Folder("mixtral"), "--plan", plan, "--output", _folder["out"]);
    }

    [Fact]
    public void Plan_loads_no_native_code() => AssertNotNative("plan", TinyRecipe.Write(_folder));

    [Fact]
    public void Plan_of_YAML_loads_no_compiler() => Assert.DoesNotContain(Loaded("plan", TinyRecipe.Write(_folder)), IsCompiler);

    [Fact]
    public void Plan_of_a_script_loads_the_compiler_only_the_first_time()
    {
        var script = TinyRecipe.WriteScript(_folder);

        Assert.Contains(Loaded("plan", script, "--trust"), IsCompiler);
        Assert.DoesNotContain(Loaded("plan", script), IsCompiler);
    }

    [Fact]
    public void Verify_loads_no_native_code()
    {
        Seer.Run("run", TinyRecipe.Write(_folder), "--output", _folder["runs"], "--device", "cpu");
        AssertNotNative("verify", _folder["runs/tiny/1"]);
    }

    private void AssertNotNative(params string[] args) =>
        Assert.DoesNotContain(Loaded(args), file => file.StartsWith("libtorch", StringComparison.Ordinal) || file.Contains("LibTorchSharp", StringComparison.Ordinal));

    private static bool IsCompiler(string file) => file.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal);

    private string[] Loaded(params string[] args)
    {
        var loaded = _folder["loaded.txt"];
        var start = new ProcessStartInfo("dotnet", [typeof(SeerApp).Assembly.Location, .. args]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        start.Environment[StartupHook.Variable] = loaded;
        start.Environment["XDG_CACHE_HOME"] = _folder["cache"];
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return File.ReadAllLines(loaded);
    }
}
