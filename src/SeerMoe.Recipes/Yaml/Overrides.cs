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

        var value = YamlReader.Read(SourceText.OfOption(option, equals + 1), reading);
        var keys = Keys(option, equals);
        if (value is not null && Owner(recipe, keys, reading) is { } owner)
        {
            owner.Set(keys[^1], value);
        }
    }

    // "--set prune.ratio=0.5" -> prune, ratio, each with its place in the option
    private static List<YamlScalar> Keys(string option, int equals)
    {
        var keys = new List<YamlScalar>();
        for (var start = "--set ".Length; start <= equals;)
        {
            var dot = option.IndexOf('.', start, equals - start);
            var end = dot < 0 ? equals : dot;
            keys.Add(new YamlScalar(new Place(option, 0, start + 1, Math.Max(1, end - start), option), option[start..end], Quoted: false));
            start = end + 1;
        }

        return keys;
    }

    /// <summary>The mapping that the last key belongs to; mappings on the way that are absent are added.</summary>
    private static YamlMapping? Owner(YamlMapping recipe, List<YamlScalar> keys, Reading reading)
    {
        if (keys.Count == 1)
        {
            return StepForms.Ids.Contains(keys[0].Text) ? Fail(keys[0], $"'{keys[0].Text}' is a stage", $"Name one of its keys: --set {keys[0].Text}.key=value.") : recipe;
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

    private static YamlMapping? StageItem(YamlMapping recipe, string stage) =>
        (recipe.Find("stages") as YamlList)?.Items.OfType<YamlMapping>().FirstOrDefault(item => item.Find(stage) is not null);
}
