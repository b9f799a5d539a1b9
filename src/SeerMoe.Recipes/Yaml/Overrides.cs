namespace SeerMoe.Recipes.Yaml;

/// <summary>
/// `--set prune.ratio=0.5`: changes the tree before it is read, so that an override is checked like the line it stands for.
/// The path begins with a stage (`prune.ratio`, `regularize.top_k.at`) or with a key of the recipe (`seed`, `data.calibration.path`).
/// </summary>
internal static class Overrides
{
    public static void Apply(YamlNode root, IReadOnlyList<string> overrides, Reading reading)
    {
        if (root is not YamlMapping recipe)
        {
            return;
        }

        foreach (var text in overrides)
        {
            Apply(recipe, text, reading);
        }
    }

    private static void Apply(YamlMapping recipe, string text, Reading reading)
    {
        var option = $"--set {text}";
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            reading.Report(new Place(option, 0, 1, option.Length, option), "a value is missing", "Write --set stage.key=value.");
            return;
        }

        if (YamlReader.Read(SourceText.OfOption(option, equals + 1), reading) is { } value)
        {
            Set(recipe, Keys(new Place(option, 0, "--set ".Length + 1, equals - "--set ".Length, option)), value, reading);
        }
    }

    /// <summary>Puts the value where the keys lead, or reports why they lead nowhere.</summary>
    public static void Set(YamlMapping recipe, IReadOnlyList<YamlScalar> keys, YamlNode value, Reading reading)
    {
        if (Owner(recipe, keys, reading) is { } owner)
        {
            owner.Set(keys[^1], value);
        }
    }

    /// <summary>"prune.ratio" -> prune, ratio, each with its place on the line.</summary>
    public static List<YamlScalar> Keys(Place path)
    {
        var keys = new List<YamlScalar>();
        var text = path.Text.AsSpan(path.Column - 1, path.Length);
        foreach (var part in text.Split('.'))
        {
            var (start, length) = part.GetOffsetAndLength(text.Length);
            keys.Add(new YamlScalar(path with { Column = path.Column + start, Length = Math.Max(1, length) }, text[part].ToString(), Quoted: false));
        }

        return keys;
    }

    /// <summary>The mapping that the last key belongs to; mappings on the way that are absent are added.</summary>
    private static YamlMapping? Owner(YamlMapping recipe, IReadOnlyList<YamlScalar> keys, Reading reading)
    {
        if (keys.Count == 1)
        {
            return StepForms.Ids.Contains(keys[0].Text) ? Fail(keys[0], $"'{keys[0].Text}' is a stage", $"Name one of its keys: {KeyOf(keys[0])}.") : recipe;
        }

        var isStage = StepForms.Ids.Contains(keys[0].Text);
        var owner = isStage ? StageItem(recipe, keys[0].Text) : recipe;
        if (owner is null)
        {
            return Fail(keys[0], $"the recipe has no stage '{keys[0].Text}'", "Options can be set on stages that are there.");
        }

        if (!isStage && keys[0].Text != "data")
        {
            return Fail(keys[0], $"unknown stage {YamlScalar.Cut(keys[0].Text)}", Hints.ForUnknown(keys[0].Text, StepForms.Ids, "Stages"));
        }

        foreach (var key in keys.SkipLast(1))
        {
            var inner = owner.Find(key.Text);
            if (inner is null || inner.IsNull)
            {
                inner = new YamlMapping(key.Place, []);
                owner.Set(key, inner);
            }

            if (inner is not YamlMapping mapping)
            {
                return Fail(key, $"'{key.Text}' holds {inner.Described}, not keys", hint: null);
            }

            owner = mapping;
        }

        return owner;

        YamlMapping? Fail(YamlScalar key, string message, string? hint)
        {
            reading.Report(key.Place, message, hint);
            return null;
        }
    }

    // As it would stand in the same place: behind the same option, or alone in the file.
    private static string KeyOf(YamlScalar stage) =>
        stage.Place.Line == 0 ? $"{stage.Place.Source.Split(' ')[0]} {stage.Text}.key=value" : $"{stage.Text}.key";

    private static YamlMapping? StageItem(YamlMapping recipe, string stage) =>
        (recipe.Find("stages") as YamlList)?.Items.OfType<YamlMapping>().FirstOrDefault(item => item.Find(stage) is not null);
}
