using System.Diagnostics;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>The build files of SeerMoe.MSBuild in a real `dotnet build`.</summary>
public sealed class WhenARecipeIsBuilt : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WhenARecipeIsBuilt()
    {
        var build = Repository.Path("src", "SeerMoe.MSBuild", "build", "SeerMoe.MSBuild");
        _folder.Write("Experiments.proj", $"""
            <Project DefaultTargets="Build">
              <Import Project="{build}.props" />
              <PropertyGroup>
                <SeerCommand>dotnet "{typeof(SeerApp).Assembly.Location}"</SeerCommand>
                <BaseIntermediateOutputPath>obj/</BaseIntermediateOutputPath>
              </PropertyGroup>
              <ItemGroup>
                <SeerRecipe Include="tiny.yaml" Arguments="--device cpu" />
              </ItemGroup>
              <Target Name="Build" />
              <Target Name="Clean" />
              <Import Project="{build}.targets" />
            </Project>
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_run_once_and_again_when_the_recipe_or_an_input_has_changed()
    {
        TinyRecipe.Write(_folder);

        Assert.Contains("dotnet seer run tiny.yaml", Build(0), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_folder["runs/tiny/1/seer.lock.json"]), File.ReadAllBytes(_folder["obj/seer/tiny.yaml.lock.json"]));

        Assert.DoesNotContain("dotnet seer run", Build(0), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["runs/tiny/2"]));

        File.SetLastWriteTimeUtc(_folder["tokens.jsonl"], DateTime.UtcNow.AddSeconds(5));
        Assert.Contains("dotnet seer run tiny.yaml", Build(0), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_fails_fails_the_build_and_is_run_again()
    {
        var recipe = TinyRecipe.Write(_folder);
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("ratio:", "ratoi:", StringComparison.Ordinal));

        Assert.Contains("Did you mean 'ratio'?", Build(1), StringComparison.Ordinal);
        Assert.Contains("Did you mean 'ratio'?", Build(1), StringComparison.Ordinal);
    }

    private string Build(int exitCode)
    {
        var start = new ProcessStartInfo("dotnet", ["build", "Experiments.proj", "--nologo", "--no-restore", "-nodeReuse:false"]) { WorkingDirectory = _folder.Path, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        Assert.True(process.ExitCode == exitCode, output);
        return output;
    }
}
