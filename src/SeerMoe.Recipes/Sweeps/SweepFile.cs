using System.Collections.Immutable;
using System.Globalization;
using SeerMoe.Recipes.Scripting;
using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>A recipe and its points: one recipe for each combination of the values of `sweep:` and of --over and --zip options.</summary>
/// <param name="Name">The recipe's.</param>
/// <param name="IsSweep">Whether anything is swept; else there is a single point, without settings.</param>
/// <param name="Text">The recipe with its axes and all overrides in it, as it is frozen into the sweep's folder.</param>
/// <param name="Points">In their order.</param>
public sealed record SweepFile(string Name, bool IsSweep, string Text, ImmutableArray<SweepPoint> Points)
{
    /// <summary>Full path of the folder that the recipe's paths are relative to.</summary>
    public string Folder => Points[0].File.Folder;

    /// <param name="source">The recipe.</param>
    /// <param name="overrides">`stage.key=value` each.</param>
    /// <param name="over">`stage.key=value,value` each, every value with every value of the others.</param>
    /// <param name="zip">The same, values that change together.</param>
    /// <param name="interrupted">Looked at while a script runs.</param>
    /// <exception cref="RecipeException">Everything that is wrong with any point.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while a script ran.</exception>
    public static SweepFile Load(RecipeSource source, IReadOnlyList<string> overrides, IReadOnlyList<string> over, IReadOnlyList<string> zip, CancellationToken interrupted = default)
    {
        if (source.Script is null)
        {
            return Parse(source.Yaml!, source.Path, overrides, over, zip);
        }

        var (root, reading) = RecipeScript.Tree(source.Script, interrupted);
        return Of(source.Path, RecipeYaml.ReadSweep(root, overrides, over, zip, reading), folder: null);
    }

    /// <summary>The same for YAML already at hand; <paramref name="path"/> names it, and <paramref name="folder"/> is what its paths are relative to, if not its own.</summary>
    public static SweepFile Parse(string text, string path, IReadOnlyList<string> overrides, IReadOnlyList<string> over, IReadOnlyList<string> zip, string? folder = null) =>
        Of(path, RecipeYaml.ParseSweep(text, path, overrides, over, zip), folder);

    private static SweepFile Of(string path, SweepText sweep, string? folder)
    {
        var points = sweep.Points.Select((point, i) => new SweepPoint(i + 1, point.Settings, RecipeFile.Of(path, point.Recipe, point.Places, folder)));
        return new SweepFile(sweep.Points[0].Recipe.Name, sweep.IsSweep, sweep.Text, [.. points]);
    }
}

/// <summary>One point of a sweep.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Settings">What it sets, in the order of the axes.</param>
/// <param name="File">The recipe with that set.</param>
public sealed record SweepPoint(int Number, ImmutableArray<Setting> Settings, RecipeFile File)
{
    /// <summary>"003".</summary>
    public string Name => Number.ToString("D3", CultureInfo.InvariantCulture);

    public override string ToString() => string.Join(", ", Settings);
}
