using System.Text.Json;

namespace SeerMoe.Experts;

/// <summary>statistics.json: schema seer/statistics@1, keys in the documented order, one row of numbers a sum.</summary>
internal static class StatisticsJson
{
    public static string Text(ExpertStatistics statistics) => SeerJson.Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", StatisticsFile.Schema);
        json.WriteString("architecture", statistics.Architecture);
        json.WriteString("checkpoint", statistics.Checkpoint);
        json.WriteNumber("tokens", statistics.Tokens);
        json.WriteNumber("sequences", statistics.Sequences);
        json.WriteNumber("top_k", statistics.TopK);
        json.WriteStartArray("layers");
        foreach (var layer in statistics.Layers)
        {
            json.WriteStartObject();
            json.WriteNumber("layer", layer.Layer);
            json.WriteNumber("experts", layer.Experts);
            foreach (var (name, values) in layer.Sums)
            {
                json.WriteRow(name, values);
            }

            json.WriteNumber("entropy", layer.Entropy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static ExpertStatistics Read(string path)
    {
        var root = SeerJson.Read<JsonElement>(path, StatisticsFile.WhatToDo);
        StatisticsFile.RefuseOtherSchema(Value<string>(root, "schema", path), path);
        var tokens = Value<long>(root, "tokens", path);
        return new ExpertStatistics(
            Value<string>(root, "architecture", path),
            // the fingerprint came after the schema was published: a file without it is of an unknown checkpoint
            root.TryGetProperty("checkpoint", out _) ? Value<string>(root, "checkpoint", path) : "",
            tokens,
            Value<long>(root, "sequences", path),
            Value<int>(root, "top_k", path),
            [.. Value<JsonElement[]>(root, "layers", path).Select((layer, l) => Layer(layer, tokens, $"{path}, layers[{l}]"))]);
    }

    private static LayerStatistics Layer(JsonElement json, long tokens, string where)
    {
        var experts = Value<int>(json, "experts", where);
        if (experts is < 1 or > StatisticsFile.MostExperts)
        {
            throw new InputException($"'experts' is {experts}.", where, StatisticsFile.WhatToDo);
        }

        // before E x E numbers are allocated for an E that is a slip of the pen
        StatisticsFile.RefuseOtherLength(Value<double[]>(json, "actual", where).Length, experts, "actual", where);
        var layer = new LayerStatistics(Value<int>(json, "layer", where), experts)
        {
            Tokens = tokens,
            EntropySum = Value<double>(json, "entropy", where) * tokens,
        };
        foreach (var (name, sum) in layer.Sums)
        {
            StatisticsFile.Fill(sum, Value<double[]>(json, name, where), name, where);
        }

        return layer;
    }

    private static T Value<T>(JsonElement json, string key, string where)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(key, out var value))
        {
            throw new InputException($"'{key}' is absent.", where, StatisticsFile.WhatToDo);
        }

        try
        {
            return value.Deserialize<T>() ?? throw new InputException($"'{key}' is null.", where, StatisticsFile.WhatToDo);
        }
        catch (JsonException error)
        {
            throw new InputException($"'{key}' is not what is expected here: {error.Message}", where, StatisticsFile.WhatToDo, error);
        }
    }
}
