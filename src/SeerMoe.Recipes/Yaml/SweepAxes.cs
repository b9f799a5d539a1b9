namespace SeerMoe.Recipes.Yaml;

/// <summary>
/// The axes of a sweep, from a recipe and from the command line.
/// <code>
/// sweep:
///   prune.ratio: [0, 0.25, 0.5]              every value with every value of the others
///   zip:                                     these two change together
///     regularize.steps: [100, 200]
///     regularize.learning_rate: [1e-3, 5e-4]
/// </code>
/// </summary>
internal static class SweepAxes
{
    public const string Key = "sweep";

    public const string Zip = "zip";

    private const string Form = "Write prune.ratio: [0, 0.25, 0.5].";

    // What a run is called and what it consists of is the same for all points.
    internal static readonly string[] Fixed = ["name", "stages", Key];

    /// <summary>
    /// Takes `sweep` out of the recipe. An `--over` option replaces an axis of the same key, `--zip` options the recipe's zip;
    /// otherwise they come after the recipe's.
    /// </summary>
    public static List<SweepAxis> Take(YamlMapping recipe, IReadOnlyList<string> over, IReadOnlyList<string> zip, Reading reading)
    {
        var axes = new List<SweepAxis>();
        if (recipe.Entries.Find(entry => entry.Key.Text == Key) is { } written)
        {
            recipe.Entries.Remove(written);
            axes.AddRange(Written(written.Value, reading));
        }

        foreach (var axis in over.Select(option => OfOption($"--over {option}", reading)).OfType<SweptKey>().Select(key => new SweepAxis([key])))
        {
            var same = axes.FindIndex(other => other.Keys is [var only] && only.Path == axis.Keys[0].Path && only.Key.Place.Line > 0);
            if (same < 0)
            {
                axes.Add(axis);
            }
            else
            {
                axes[same] = axis;
            }
        }

        if (zip.Count > 0)
        {
            axes.RemoveAll(axis => axis.Keys.Count > 1);
            axes.AddRange(Zipped([.. zip.Select(option => OfOption($"--zip {option}", reading)).OfType<SweptKey>()], reading));
        }

        ReportTwice([.. axes.SelectMany(axis => axis.Keys)], reading);
        axes.ForEach(axis => ReportRepeated(axis, reading));
        return axes;
    }

    private static IEnumerable<SweepAxis> Written(YamlNode sweep, Reading reading)
    {
        if (sweep is not YamlMapping { Entries.Count: > 0 } mapping)
        {
            reading.Report(sweep.Place, $"sweep must be a mapping of keys, not {(sweep is YamlMapping ? "empty" : sweep.Described)}", Form);
            return [];
        }

        return mapping.Entries.SelectMany(entry => entry.Key.Text != Zip ? [new SweepAxis([Swept(entry, reading)])] : Zipped(PairsOf(entry, reading), reading));
    }

    private static SweptKey[] PairsOf(YamlEntry zip, Reading reading)
    {
        if (zip.Value is YamlMapping { Entries.Count: > 0 } mapping)
        {
            return [.. mapping.Entries.Select(entry => Swept(entry, reading))];
        }

        reading.Report(zip.Value.Place, $"zip must be a mapping of keys, not {(zip.Value is YamlMapping ? "empty" : zip.Value.Described)}", "Write below it the keys whose values change together, each with its list.");
        return [];
    }

    private static IEnumerable<SweepAxis> Zipped(SweptKey[] keys, Reading reading)
    {
        if (keys.Length == 0)
        {
            return [];
        }

        foreach (var key in keys.Where(key => key.Values.Count > 0 && keys[0].Values.Count > 0 && key.Values.Count != keys[0].Values.Count))
        {
            reading.Report(key.Key.Place, $"{key.Path} has {key.Values.Count} values, {keys[0].Path} has {keys[0].Values.Count}", "Values that change together come in lists of one length.");
        }

        return [new SweepAxis(keys)];
    }

    private static SweptKey? OfOption(string option, Reading reading)
    {
        var (start, equals) = (option.IndexOf(' ', StringComparison.Ordinal) + 1, option.IndexOf('=', StringComparison.Ordinal));
        if (equals <= start)
        {
            reading.Report(new Place(option, 0, 1, option.Length, option), "a value is missing", $"Write {option[..(start - 1)]} stage.key=value,value.");
            return null;
        }

        var key = new YamlScalar(new Place(option, 0, start + 1, equals - start, option), option[start..equals], Quoted: false);
        return YamlReader.Read(SourceText.OfOptionList(option, equals + 1), reading) is { } values ? Swept(new YamlEntry(key, values), reading) : null;
    }

    private static SweptKey Swept(YamlEntry entry, Reading reading)
    {
        var (key, path) = (entry.Key, entry.Key.Text);
        if (Fixed.Contains(path))
        {
            reading.Report(key.Place, $"'{path}' can't be swept", "Sweep keys of stages, data paths, the model or the seed.");
            return new SweptKey(key, []);
        }

        if (entry.Value is not YamlList { Items: { Count: > 0 } values })
        {
            reading.Report(entry.Value.Place, $"{path} must be a list of values, not {(entry.Value is YamlList ? "an empty one" : entry.Value.Described)}", Form);
            return new SweptKey(key, []);
        }

        return new SweptKey(key, values);
    }

    private static void ReportTwice(SweptKey[] keys, Reading reading)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            if (Array.FindIndex(keys, other => other.Path == keys[i].Path) < i)
            {
                reading.Report(keys[i].Key.Place, $"{keys[i].Path} is swept twice");
            }
        }
    }

    /// <summary>A point that is there already; one of several zipped keys may well have a value twice.</summary>
    private static void ReportRepeated(SweepAxis axis, Reading reading)
    {
        string[] values = [.. Enumerable.Range(0, axis.Count).Select(i => string.Join(", ", axis.Keys.Select(key => FlowText.Of(key.Values[i]))))];
        for (var i = 1; i < values.Length; i++)
        {
            if (values.Take(i).Contains(values[i]))
            {
                reading.Report(axis.Keys[0].Values[i].Place, $"{string.Join(", ", axis.Keys.Select(key => key.Path))} has the value {values[i]} twice");
            }
        }
    }
}
