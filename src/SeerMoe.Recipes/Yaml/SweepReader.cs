using System.Collections.Immutable;

namespace SeerMoe.Recipes.Yaml;

/// <summary>A sweep as it was read.</summary>
/// <param name="IsSweep">Whether anything is swept; else there is one point without settings.</param>
/// <param name="Text">The recipe with its axes and all overrides in it: reads as the same points again.</param>
/// <param name="Points">In the order of nested loops, the first axis outermost.</param>
public sealed record SweepText(bool IsSweep, string Text, ImmutableArray<PointText> Points);

/// <summary>One point as it was read.</summary>
public sealed record PointText(ImmutableArray<Setting> Settings, Recipe Recipe, RecipePlaces Places);

/// <summary>What a point sets: `prune.ratio` to `0.25`, as it would stand in YAML.</summary>
public sealed record Setting(string Key, string Value)
{
    public override string ToString() => $"{Key}={Value}";
}

/// <summary>
/// Puts each combination of values into a copy of the recipe's tree and reads that, so that a swept value is checked like the
/// line it stands for, and blamed where it stands in the sweep.
/// </summary>
internal sealed class SweepReader(YamlMapping recipe, YamlNode? written, IReadOnlyList<SweepAxis> axes, Reading reading)
{
    private const int MostPoints = 1000;

    /// <exception cref="RecipeException">Every fault of any point, once.</exception>
    public SweepText Read()
    {
        var whole = axes.Where(axis => axis.Count > 0).ToList();
        var points = whole.Aggregate(1L, (product, axis) => Math.Min(product * axis.Count, int.MaxValue));
        if (points > MostPoints)
        {
            var place = written?.Place ?? whole[0].Keys[0].Key.Place;
            reading.Report(place, $"the sweep has {(points == int.MaxValue ? "billions of" : points)} points", $"A sweep has {MostPoints} at most: split it.");
        }

        PointText[] read = [.. SweepAxis.Combinations(whole).Take(points > MostPoints ? 1 : MostPoints).Select(combination => Point(whole, combination))];
        var faults = reading.Diagnostics.Distinct().ToList();
        return faults.Count == 0 ? new SweepText(axes.Count > 0, Frozen(), [.. read]) : throw new RecipeException(faults);
    }

    private PointText Point(List<SweepAxis> whole, int[] combination)
    {
        var point = new Reading();
        point.Places.Add("", recipe.Place);
        var root = recipe.CopyMapping();
        var settings = new List<Setting>();
        foreach (var (axis, index) in whole.Zip(combination))
        {
            foreach (var key in axis.Keys)
            {
                Overrides.Set(root, Keys(key), key.Values[index].Copy(), point);
                settings.Add(new Setting(key.Path, FlowText.Label(key.Values[index])));
            }
        }

        // What could not be read as an axis is not missed in the recipe as well.
        foreach (var key in axes.SelectMany(axis => axis.Keys).Where(key => key.Values.Count == 0))
        {
            point.Places.AddUnread(key.Path, key.Key.Place);
        }

        var read = RecipeForms.Recipe.Read(root, "", point);
        reading.Diagnostics.AddRange(point.Diagnostics);
        reading.Diagnostics.AddRange(RecipeChecks.Check(read, point.Places));
        return new PointText([.. settings], read, point.Places);
    }

    private static List<YamlScalar> Keys(SweptKey key)
    {
        // Behind the opening quote, if there is one.
        var place = key.Key.Place with { Column = key.Key.Place.Column + (key.Key.Quoted ? 1 : 0), Length = key.Path.Length };
        return place.Text.AsSpan(place.Column - 1).StartsWith(key.Path, StringComparison.Ordinal)
            ? Overrides.Keys(place)
            : [.. key.Path.Split('.').Select(part => key.Key with { Text = part })];
    }

    private string Frozen()
    {
        var root = recipe.CopyMapping();
        if (axes.Count > 0)
        {
            root.Entries.Add(new YamlEntry(Word(SweepAxes.Key), new YamlMapping(root.Place, [.. axes.Select(Entry)])));
        }

        return FlowText.OfRecipe(root);
    }

    private YamlEntry Entry(SweepAxis axis) => axis.Keys is [var only]
        ? Entry(only)
        : new YamlEntry(Word(SweepAxes.Zip), new YamlMapping(recipe.Place, [.. axis.Keys.Select(Entry)]));

    private YamlEntry Entry(SweptKey key) => new(key.Key, new YamlList(recipe.Place, key.Values));

    private YamlScalar Word(string word) => new(recipe.Place, word, Quoted: false);
}
