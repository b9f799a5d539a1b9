using SeerMoe.Recipes.Scripting;
using SeerMoe.Testing;

namespace SeerMoe.Recipes.Tests.Scripting;

public sealed class TheCacheOfScripts : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _compiled;

    private string Cache => _folder["cache"];

    private string Entry => Assert.Single(Directory.GetFiles(Cache));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compiles_a_script_once()
    {
        var first = Get("Seed = 1;");
        var second = Get("Seed = 1;");

        Assert.Equal(1, _compiled);
        Assert.Equal(first.Library, second.Library);
        Assert.Equal(first.Symbols, second.Symbols);
    }

    [Fact]
    public void Compiles_again_what_has_changed()
    {
        Get("Seed = 1;");
        Get("Seed = 2;");

        Assert.Equal(2, _compiled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(-1)]
    public void Never_trusts_an_entry_with_a_changed_byte(int at)
    {
        Get("Seed = 1;");
        var bytes = File.ReadAllBytes(Entry);
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(Entry, bytes);

        Get("Seed = 1;");
        Assert.Equal(2, _compiled);
        Get("Seed = 1;");
        Assert.Equal(2, _compiled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(1000)]
    public void Never_trusts_an_entry_that_was_cut_short(int length)
    {
        Get("Seed = 1;");
        File.WriteAllBytes(Entry, File.ReadAllBytes(Entry)[..length]);

        Get("Seed = 1;");
        Assert.Equal(2, _compiled);
    }

    [Fact]
    public void Does_without_a_folder_that_can_not_be_written()
    {
        _folder.Write("cache", "a file in its place");

        Get("Seed = 1;");
        Get("Seed = 1;");
        Assert.Equal(2, _compiled);
    }

    private CompiledScript Get(string text)
    {
        var sources = ScriptSources.Read(_folder.Write("recipe.csx", text));
        return new ScriptCache(Cache).Get(sources, () =>
        {
            _compiled++;
            return ScriptCompiler.Compile(sources, CancellationToken.None);
        });
    }
}
