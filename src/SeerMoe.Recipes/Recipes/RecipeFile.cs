using SeerMoe.Recipes.Scripting;
using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Recipes;

/// <summary>A recipe with the file it stands in: paths are relative to its folder, faults point into it.</summary>
public sealed class RecipeFile
{
    private readonly RecipePlaces _places;

    private RecipeFile(string path, Recipe recipe, RecipePlaces places, string? folder)
    {
        Path = path;
        Folder = System.IO.Path.GetFullPath(folder ?? System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        Recipe = recipe;
        _places = places;
    }

    /// <summary>As the user gave it.</summary>
    public string Path { get; }

    /// <summary>Full path of the folder that its paths are relative to: the one it stands in, unless it is a frozen copy.</summary>
    public string Folder { get; }

    public Recipe Recipe { get; }

    /// <summary>Reads a .yaml recipe or runs a .csx one, `stage.key=value` overrides applied.</summary>
    /// <exception cref="RecipeException">Everything that is wrong with it.</exception>
    /// <exception cref="InputException">The file can't be read.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while a script ran.</exception>
    public static RecipeFile Load(string path, IReadOnlyList<string> overrides, CancellationToken interrupted = default)
    {
        var source = RecipeSource.Read(path);
        if (source.Script is null)
        {
            return Parse(source.Yaml!, path, overrides);
        }

        var (recipe, places) = RecipeScript.Read(source.Script, overrides, interrupted);
        return Of(path, recipe, places);
    }

    /// <summary>The same for YAML already at hand; <paramref name="path"/> names it.</summary>
    public static RecipeFile Parse(string text, string path, IReadOnlyList<string> overrides)
    {
        var (recipe, places) = RecipeYaml.Parse(text, path, overrides);
        return Of(path, recipe, places);
    }

    /// <summary>A recipe that was read already; null is its own folder.</summary>
    internal static RecipeFile Of(string path, Recipe recipe, RecipePlaces places, string? folder = null) => new(path, recipe, places, folder);

    /// <summary>Full path of a path of the recipe.</summary>
    public string Resolve(string path) => System.IO.Path.GetFullPath(path, Folder);

    /// <summary>A path as runs record it: relative to the recipe's folder, with '/'.</summary>
    public string Relative(string path) => System.IO.Path.GetRelativePath(Folder, Resolve(path)).Replace('\\', '/');

    /// <summary>A fault that shows at the value <paramref name="key"/> (`prune.ratio`).</summary>
    public Diagnostic Fault(string key, string message, string? hint = null) => new(_places.Of(key), message, hint);
}
