using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;
using SeerMoe.Testing;

namespace SeerMoe.Recipes.Tests.Running;

public sealed class TheFolderOfARun : IDisposable
{
    private static readonly FrozenRecipe Frozen = new(new Recipe("tiny", 17, "m", [], []));

    private readonly TemporaryFolder _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Is_the_first_below_the_recipes_name()
    {
        Assert.Equal(_runs["new/tiny/1"], RunFolder.Create(_runs["new"], Frozen).Path);
    }

    [Fact]
    public void Takes_the_number_after_the_highest()
    {
        Directory.CreateDirectory(_runs["tiny/2"]);
        Directory.CreateDirectory(_runs["tiny/10"]);
        Directory.CreateDirectory(_runs["tiny/notes"]);

        Assert.Equal(_runs["tiny/11"], RunFolder.Create(_runs.Path, Frozen).Path);
    }

    [Fact]
    public void Holds_the_frozen_recipe_from_the_start_and_nothing_else()
    {
        var folder = RunFolder.Create(_runs.Path, Frozen).Path;

        Assert.Equal(Frozen.Text, File.ReadAllText(Path.Combine(folder, "recipe.yaml")));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder));
        Assert.Equal([folder], Directory.EnumerateFileSystemEntries(_runs["tiny"]));
    }

    [Fact]
    public async Task Is_never_shared_by_runs_that_start_at_once()
    {
        var folders = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => RunFolder.Create(_runs.Path, Frozen).Path)));

        Assert.Equal(Enumerable.Range(1, 16).Select(n => _runs[$"tiny/{n}"]).Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Is_refused_where_a_file_stands_in_its_way()
    {
        _runs.Write("tiny", "a file");

        Assert.StartsWith("The run's folder can't be made", Assert.Throws<InputException>(() => RunFolder.Create(_runs.Path, Frozen)).What, StringComparison.Ordinal);
    }
}
