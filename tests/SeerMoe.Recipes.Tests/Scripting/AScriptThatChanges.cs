using SeerMoe.Recipes.Sweeps;
using SeerMoe.Testing;

namespace SeerMoe.Recipes.Tests.Scripting;

/// <summary>Between the moment when consent is asked for and the moment when it runs.</summary>
public sealed class AScriptThatChanges : IDisposable
{
    private const string Recipe = "#load \"shared.csx\"\nName = Called;\nModel = \"model\";\nData(\"tokens\", \"tokens.jsonl\", Tokens);\nCount(data: \"tokens\");\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_as_it_was_when_the_user_was_asked()
    {
        var source = Read(Recipe, "const string Called = \"agreed\";\n");
        _folder.Write("recipe.csx", $"{Recipe}throw new Exception(\"another script\");\n");
        _folder.Write("shared.csx", "const string Called = \"changed\";\n");

        Assert.Equal("agreed", SweepFile.Load(source, [], [], []).Name);
    }

    [Fact]
    public void Needs_consent_of_its_own()
    {
        var before = Read(Recipe, "const string Called = \"agreed\";\n").Consent!;

        Assert.Equal(before.Digest, RecipeSource.Read(_folder["recipe.csx"]).Consent!.Digest);
        Assert.NotEqual(before.Digest, Read(Recipe, "const string Called = \"changed\";\n").Consent!.Digest);
        Assert.NotEqual(before.Digest, Read(Recipe + "\n", "const string Called = \"agreed\";\n").Consent!.Digest);
    }

    [Fact]
    public void Is_no_matter_of_YAML() => Assert.Null(RecipeSource.Read(_folder.Write("recipe.yaml", "name: tiny\n")).Consent);

    private RecipeSource Read(string recipe, string loaded)
    {
        _folder.Write("shared.csx", loaded);
        return RecipeSource.Read(_folder.Write("recipe.csx", recipe));
    }
}
