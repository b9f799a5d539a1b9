using SeerMoe.Recipes.Yaml;
using SeerMoe.Testing;
using SeerMoe.Tool.Scaffolding;

namespace SeerMoe.Tool.Tests;

public sealed class WhenARecipeIsBegun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => [.. Scaffold.All.Select(kind => kind.Word)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("quickstart")]
    [InlineData("sweep")]
    [InlineData("script")]
    public void It_can_be_planned_in_an_empty_folder(string kind)
    {
        var scaffold = Of(kind);
        scaffold.Write(_folder.Path);

        var plan = Seer.Run("plan", _folder[scaffold.Recipe], "--device", "cpu", "--trust");
        Assert.Equal((0, ""), (plan.ExitCode, plan.Error));
    }

    [Fact]
    public void The_quickstart_has_the_keys_of_the_one_in_the_repository()
    {
        Of("quickstart").Write(_folder.Path);

        Assert.Equal(Keys(Repository.Path("recipes", "quickstart.yaml")), Keys(_folder["quickstart.yaml"]));
    }

    [Fact]
    public void The_large_one_tells_its_cost_before_anything_is_downloaded()
    {
        Of("mixtral").Write(_folder.Path);

        Assert.Equal(0, Seer.Run("plan", _folder["mixtral.yaml"], "--config-only", "--set", "model=mixtral-8x7b", "--dtype", "bfloat16").ExitCode);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void It_names_only_files_that_are_there(string kind)
    {
        var scaffold = Of(kind);
        scaffold.Write(_folder.Path);

        var text = File.ReadAllText(_folder[scaffold.Recipe]);
        Assert.DoesNotContain("../", text, StringComparison.Ordinal);
        Assert.DoesNotContain("recipes/", text, StringComparison.Ordinal);
        Assert.DoesNotContain("examples/", text, StringComparison.Ordinal);
        if (scaffold.Recipe.EndsWith(".yaml", StringComparison.Ordinal))
        {
            Assert.StartsWith($"# yaml-language-server: $schema={RecipeSchema.FileName}\n", text, StringComparison.Ordinal);
            Assert.Equal(RecipeSchema.Text, File.ReadAllText(_folder[RecipeSchema.FileName]));
        }
    }

    [Fact]
    public void What_is_there_already_stays_and_is_shared()
    {
        Of("quickstart").Write(_folder.Path);

        Assert.Empty(Of("quickstart").Write(_folder.Path));
        Assert.Equal(["sweep.yaml"], Of("sweep").Write(_folder.Path));
    }

    [Fact]
    public void Nothing_is_overwritten_and_nothing_written_beside_it()
    {
        var mine = _folder.Write("quickstart.yaml", "mine");
        var error = Assert.Throws<InputException>(() => Of("quickstart").Write(_folder.Path));

        Assert.Contains("quickstart.yaml is there already", error.What, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(mine));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void An_unknown_kind_is_refused() => Seer.Run("new", "quikstart").AssertRefused("'quikstart'", "dotnet seer new", "Did you mean 'quickstart'?");

    private static string[] Keys(string recipe) =>
        [.. Seer.Run("plan", recipe, "--device", "cpu").Output.Split('\n').Where(line => line.Contains(" key ", StringComparison.Ordinal))];

    private static Scaffold Of(string kind) => Scaffold.All.Single(known => known.Word == kind).Value;
}
