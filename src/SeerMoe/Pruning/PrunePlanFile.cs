using System.Text.Json;

namespace SeerMoe.Pruning;

/// <summary>prune-plan.json: the decision as a person can review, edit or write it.</summary>
public static class PrunePlanFile
{
    private const string Schema = "seer/prune-plan@1";

    private const string Minimum = """A plan needs at least { "layers": [ { "layer": 0, "survivors": [0, 1, 3] } ] }.""";

    /// <exception cref="InputException">Names the file and the line or key at fault.</exception>
    public static PrunePlan Read(string path)
    {
        var document = SeerJson.Read<Document>(path, Minimum);
        if (document.Schema is not (null or Schema))
        {
            throw new InputException($"'{document.Schema}' is not a plan that this version reads.", $"{path}, schema", $"It reads \"{Schema}\".");
        }

        if (document.Scope is { } scope)
        {
            Scopes.Find(scope, $"{path}, scope");
        }

        var layers = document.Layers ?? throw Absent(path, "layers");
        var plan = new PrunePlan(document.Criterion, document.Scope, document.Ratio, document.Keep, document.Seed,
        [
            .. layers.Select((layer, i) => new LayerPlan(
                layer?.Layer ?? throw Absent(path, $"layers[{i}].layer"),
                layer.Experts,
                layer.Survivors is { } survivors ? [.. survivors] : throw Absent(path, $"layers[{i}].survivors"),
                layer.Scores is { } scores ? [.. scores] : null)),
        ]);
        PruneChecks.RefuseMalformed(plan, path);
        return plan;
    }

    public static void Write(string path, PrunePlan plan) => AtomicFile.WriteText(path, Text(plan));

    /// <summary>The file's text: documented key order, what is not known left out.</summary>
    public static string Text(PrunePlan plan) => SeerJson.Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        if (plan.Criterion is { } criterion)
        {
            json.WriteString("criterion", criterion);
        }

        if (plan.Scope is { } scope)
        {
            json.WriteString("scope", scope);
        }

        if (plan.Ratio is { } ratio)
        {
            json.WriteNumber("ratio", ratio);
        }

        if (plan.Keep is { } keep)
        {
            json.WriteNumber("keep", keep);
        }

        if (plan.Seed is { } seed)
        {
            json.WriteNumber("seed", seed);
        }

        json.WriteStartArray("layers");
        foreach (var layer in plan.Layers)
        {
            WriteLayer(json, layer);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteLayer(Utf8JsonWriter json, LayerPlan layer)
    {
        json.WriteStartObject();
        json.WriteNumber("layer", layer.Layer);
        if (layer.Experts is { } experts)
        {
            json.WriteNumber("experts", experts);
        }

        json.WriteRow("survivors", layer.Survivors);
        if (layer.Scores is { } scores)
        {
            json.WriteRow("scores", scores);
        }

        json.WriteEndObject();
    }

    private static InputException Absent(string path, string key) => new($"'{key}' is absent.", path, Minimum);

    private sealed record Document(string? Schema, string? Criterion, string? Scope, double? Ratio, int? Keep, long? Seed, LayerDocument?[]? Layers);

    private sealed record LayerDocument(int? Layer, int? Experts, int[]? Survivors, double[]? Scores);
}
