using System.Text;
using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Recipes;

/// <summary>A recipe with the file it stands in: paths are relative to its folder, faults point into it.</summary>
public sealed class RecipeFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private const int LargestBytes = 1 << 20;

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

    /// <summary>Reads a recipe, `stage.key=value` overrides applied.</summary>
    /// <exception cref="RecipeException">Everything that is wrong with it.</exception>
    /// <exception cref="InputException">The file can't be read.</exception>
    public static RecipeFile Load(string path, IReadOnlyList<string> overrides) => Parse(ReadText(path), path, overrides);

    /// <summary>The same for text already at hand; <paramref name="path"/> names it.</summary>
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

    internal static string ReadText(string path)
    {
        if (System.IO.Path.GetExtension(path) == ".csx")
        {
            throw new InputException("C# recipes are not in this version.", path, "Write the recipe in YAML.");
        }

        try
        {
            if (new FileInfo(path).Length > LargestBytes)
            {
                throw new InputException("A recipe is at most 1 MB.", path, "Name a .yaml file.");
            }

            return StrictUtf8.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The recipe can't be read: {error.Message}", path, "Name a .yaml file.", error);
        }
        catch (DecoderFallbackException error)
        {
            throw new InputException("The recipe is not UTF-8 text.", path, "Name a .yaml file, saved as UTF-8.", error);
        }
    }
}
