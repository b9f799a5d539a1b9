using SeerMoe.Recipes.Scripting;

namespace SeerMoe.Recipes;

/// <summary>What stands in a recipe's file, and in all that a script loads, read once: the bytes that the user agreed to are the bytes that run.</summary>
public sealed class RecipeSource
{
    private RecipeSource(string path, string? yaml, ScriptSources? script)
    {
        (Path, Yaml, Script) = (path, yaml, script);
        Consent = script is null ? null : ScriptConsent.For(script, path);
    }

    /// <summary>As the user gave it.</summary>
    public string Path { get; }

    /// <summary>To run a .csx recipe; null of any other, which runs no code.</summary>
    public ScriptConsent? Consent { get; }

    /// <summary>The text; null of a script.</summary>
    internal string? Yaml { get; }

    /// <summary>The script and what it loads; null of YAML.</summary>
    internal ScriptSources? Script { get; }

    /// <exception cref="InputException">The file can't be read.</exception>
    public static RecipeSource Read(string path) => path.EndsWith(RecipeScript.Extension, StringComparison.OrdinalIgnoreCase)
        ? new RecipeSource(path, yaml: null, ScriptSources.Read(path))
        : new RecipeSource(path, RecipeText.Read(path), script: null);
}
