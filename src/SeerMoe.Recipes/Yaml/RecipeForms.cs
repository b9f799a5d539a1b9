using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace SeerMoe.Recipes.Yaml;

/// <summary>The keys of a recipe outside its steps.</summary>
internal static class RecipeForms
{
    public static readonly RecordForm<Recipe> Recipe = new RecordForm<Recipe>("the recipe", () => new Recipe("", 0, "", [], []))
        .Key("name", NameForm.Instance, r => r.Name, (r, v) => r with { Name = v }, required: true)
        .Key("seed", NumberForm<long>.From(0), r => r.Seed, (r, v) => r with { Seed = v })
        .Key("threads", NumberForm<int>.From(1), r => r.Threads, (r, v) => r with { Threads = v })
        .Key("allow_overlap", FlagForm.Instance, r => r.AllowOverlap ? true : null, (r, v) => r with { AllowOverlap = v })
        .Key("rounds", NumberForm<int>.From(1), r => r.Rounds, (r, v) => r with { Rounds = v })
        .Key("model", PathForm.Instance, r => r.Model, (r, v) => r with { Model = v }, required: true)
        .Key("data", new DataForm(), r => r.Data, (r, v) => r with { Data = v })
        .Key("stages", new StagesForm(), r => r.Stages, (r, v) => r with { Stages = v }, required: true)
        .Elsewhere("sweep", "a sweep is many runs, and this must be one", "Leave 'sweep' out.");

    /// <summary>One data entry, its name aside.</summary>
    internal static readonly RecordForm<DataSource> Source = new RecordForm<DataSource>("data", () => new DataSource("", ""))
        .Key("path", PathForm.Instance, d => d.Path, (d, v) => d with { Path = v }, required: true)
        .Key("format", new ChoiceForm<DataFormat>("format", RecipeWords.Formats), d => d.Format, (d, v) => d with { Format = v })
        .Key("field", TextForm.Any, d => d.Format == DataFormat.JsonLines ? d.Field : null, (d, v) => d with { Field = v })
        .Key("prompt_field", TextForm.Any, d => d.PromptField, (d, v) => d with { PromptField = v });
}

/// <summary>`name: { path, format, field }`, an entry a data file. Faulty entries stay in, so that steps still find them.</summary>
internal sealed class DataForm : ValueForm<ValueList<DataSource>>
{
    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out ValueList<DataSource> value)
    {
        value = [];
        if (node is not YamlMapping mapping)
        {
            return reading.Refuse(node.Place, $"data must be a mapping of names, not {node.Described}", "Write 'calibration: { path: calibration.jsonl, format: jsonl }' below it.");
        }

        var sources = new List<DataSource>();
        foreach (var entry in mapping.Entries)
        {
            var name = entry.Key.Text;
            if (!NameForm.Instance.TryRead(entry.Key, "a data name", reading, out _))
            {
                continue;
            }

            reading.Places.Add($"{path}.{name}", entry.Key.Place);
            sources.Add(RecipeForms.Source.Read(entry.Value, $"{path}.{name}", reading) with { Name = name });
        }

        value = [.. sources];
        return true;
    }

    public override JsonNode Write(ValueList<DataSource> value) =>
        new JsonObject(value.Select(source => KeyValuePair.Create<string, JsonNode?>(source.Name, RecipeForms.Source.Write(source))));

    public override JsonObject Schema() => new() { ["type"] = "object", ["propertyNames"] = NameForm.Instance.Schema(), ["additionalProperties"] = RecipeForms.Source.Schema() };
}

/// <summary>`- count: { ... }`, an item a step. Faulty steps stay in, so that the order of all can be checked.</summary>
internal sealed class StagesForm : ValueForm<ValueList<Step>>
{
    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out ValueList<Step> value)
    {
        value = [];
        if (node is not YamlList list)
        {
            return reading.Refuse(node.Place, $"stages must be a list, not {node.Described}", "Write a line '- count: { data: calibration }' for each stage.");
        }

        var steps = new List<Step>();
        foreach (var item in list.Items)
        {
            if (Entry(item, reading) is { } entry && StepAt(entry, $"{path}[{steps.Count}]", steps, reading) is { } step)
            {
                steps.Add(step);
            }
        }

        value = [.. steps];
        return true;
    }

    public override JsonNode Write(ValueList<Step> value) =>
        new JsonArray([.. value.Select(step => new JsonObject { [step.Id] = StepForms.Write(step) })]);

    /// <summary>The options of a step stand under $defs, see <see cref="RecipeSchema"/>.</summary>
    public override JsonObject Schema()
    {
        var steps = StepForms.Ids.Select(id => KeyValuePair.Create<string, JsonNode?>(id, new JsonObject { ["$ref"] = $"#/$defs/{id}" }));
        var step = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject(steps), ["additionalProperties"] = false, ["minProperties"] = 1, ["maxProperties"] = 1 };
        return new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = step };
    }

    private static Step? StepAt(YamlEntry entry, string itemPath, List<Step> before, Reading reading)
    {
        var id = entry.Key.Text;
        if (!StepForms.Ids.Contains(id))
        {
            reading.Report(entry.Key.Place, $"unknown stage {YamlScalar.Cut(id)}", Hints.ForUnknown(id, StepForms.Ids, "Stages"));
            reading.Places.AddUnread("stages", entry.Key.Place);
            return null;
        }

        // A second step of a kind is refused later, but its options are read (and its faults told) now.
        var path = before.Exists(step => step.Id == id) ? itemPath : id;
        reading.Places.Add(itemPath, entry.Key.Place);
        reading.Places.Add(path, entry.Key.Place);
        return StepForms.Read(id, entry.Value, path, reading);
    }

    private static YamlEntry? Entry(YamlNode item, Reading reading)
    {
        switch (item)
        {
            case YamlScalar { IsNull: false } name:
                return new YamlEntry(name, new YamlScalar(name.Place, "", Quoted: false));
            case YamlMapping { Entries: [var only] }:
                return only;
            case YamlMapping { Entries: [_, var second, ..] }:
                reading.Report(second.Key.Place, $"a second key {YamlScalar.Cut(second.Key.Text)} in one stage", "Put a '-' before each stage, and a stage's options into { } or indented below it.");
                break;
            default:
                reading.Report(item.Place, $"a stage must be a mapping like 'count: {{ data: calibration }}', not {item.Described}");
                break;
        }

        reading.Places.AddUnread("stages", item.Place);
        return null;
    }
}
