using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace SeerMoe.Recipes.Yaml;

/// <summary>A recipe's YAML: read with every fault at once, and written back in canonical form.</summary>
public static class RecipeYaml
{
    /// <exception cref="RecipeException">Anything is wrong with it.</exception>
    public static (Recipe Recipe, RecipePlaces Places) Parse(string text, string path, IReadOnlyList<string> overrides)
    {
        var reading = new Reading();
        if (YamlReader.Read(SourceText.OfFile(path, text), reading) is not { } root)
        {
            throw new RecipeException(reading.Diagnostics);
        }

        return Read(root, overrides, reading);
    }

    /// <summary>The same for a tree, which a script builds without any text.</summary>
    /// <exception cref="RecipeException">Anything is wrong with it, or was found wrong before.</exception>
    internal static (Recipe Recipe, RecipePlaces Places) Read(YamlNode root, IReadOnlyList<string> overrides, Reading reading)
    {
        reading.Places.Add("", root.Place);
        Overrides.Apply(root, overrides, reading);
        var recipe = RecipeForms.Recipe.Read(root, "", reading);
        reading.Diagnostics.AddRange(RecipeChecks.Check(recipe, reading.Places));
        return reading.Diagnostics.Count == 0 ? (recipe, reading.Places) : throw new RecipeException(reading.Diagnostics);
    }

    /// <summary>The same for a recipe with `sweep`, or with axes from the command line: one recipe a point, a single one where nothing is swept.</summary>
    /// <exception cref="RecipeException">Anything is wrong with any point, each fault told once.</exception>
    public static SweepText ParseSweep(string text, string path, IReadOnlyList<string> overrides, IReadOnlyList<string> over, IReadOnlyList<string> zip)
    {
        var reading = new Reading();
        if (YamlReader.Read(SourceText.OfFile(path, text), reading) is not YamlMapping root)
        {
            _ = Parse(text, path, overrides); // the same fault as without a sweep
            throw new UnreachableException();
        }

        return ReadSweep(root, overrides, over, zip, reading);
    }

    /// <summary>The same for a tree, which a script builds without any text.</summary>
    /// <exception cref="RecipeException">Anything is wrong with any point, or was found wrong before.</exception>
    internal static SweepText ReadSweep(YamlMapping root, IReadOnlyList<string> overrides, IReadOnlyList<string> over, IReadOnlyList<string> zip, Reading reading)
    {
        reading.Places.Add("", root.Place);
        Overrides.Apply(root, overrides, reading);
        var sweep = root.Find(SweepAxes.Key);
        var axes = SweepAxes.Take(root, over, zip, reading);
        return new SweepReader(root, sweep, axes, reading).Read();
    }

    /// <summary>The canonical text: every default filled in, one order of keys. The same recipe gives the same bytes.</summary>
    public static string Write(Recipe recipe)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in (JsonObject)RecipeForms.Recipe.Write(recipe))
        {
            YamlWriter.Append(text, key, value!, indent: 0);
        }

        return text.ToString();
    }

    /// <summary>A step's options in canonical form: what the lock records and a stage's key covers.</summary>
    public static JsonObject Options(Step step) => StepForms.Write(step);

    /// <summary>A data entry in canonical form.</summary>
    public static JsonObject Options(DataSource source) => (JsonObject)RecipeForms.Source.Write(source);
}
