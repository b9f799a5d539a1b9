namespace SeerMoe.Experts;

/// <summary>Statistics on disk: statistics.safetensors, exact and whole, and its readable twin statistics.json, which lacks the co-activation.</summary>
public static class StatisticsFile
{
    internal const string Schema = "seer/statistics@1";

    private const string TensorsName = "statistics.safetensors";
    private const string JsonName = "statistics.json";

    /// <summary>Experts of a layer at most, so that a damaged file can't ask for E x E numbers without end.</summary>
    internal const int MostExperts = 4096;

    internal const string WhatToDo = "Count again with `seer count`, or restore the file.";

    /// <summary>Writes both files into a folder that is there.</summary>
    public static void Write(string folder, ExpertStatistics statistics)
    {
        StatisticsTensors.Write(Path.Combine(folder, TensorsName), statistics);
        AtomicFile.WriteText(Path.Combine(folder, JsonName), StatisticsJson.Text(statistics));
    }

    /// <summary>Writes the safetensors file alone, under any name.</summary>
    public static void WriteTensors(string path, ExpertStatistics statistics) => StatisticsTensors.Write(path, statistics);

    /// <summary>The text of statistics.json.</summary>
    public static string Json(ExpertStatistics statistics) => StatisticsJson.Text(statistics);

    /// <param name="path">Either file, or their folder, of which the safetensors file is preferred.</param>
    /// <exception cref="InputException">Absent or damaged; names the file and the key.</exception>
    public static ExpertStatistics Read(string path)
    {
        var file = Directory.Exists(path) ? InFolder(path) : path;
        var statistics = file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)
            ? StatisticsTensors.Read(file)
            : StatisticsJson.Read(file);
        RefuseBadNumbers(statistics, file);
        return statistics;
    }

    private static string InFolder(string folder) =>
        Array.Find([Path.Combine(folder, TensorsName), Path.Combine(folder, JsonName)], File.Exists)
        ?? throw new InputException($"The folder holds neither {TensorsName} nor {JsonName}.", folder, "Name a folder that `seer count` wrote.");

    internal static void RefuseOtherSchema(string? schema, string path)
    {
        if (schema != Schema)
        {
            throw new InputException($"'{schema}' is not the statistics schema that this version reads.", path, $"It reads \"{Schema}\".");
        }
    }

    /// <summary>Copies a row of the file over the sum of the same name.</summary>
    internal static void Fill(double[] sum, ReadOnlySpan<double> row, string name, string path)
    {
        RefuseOtherLength(row.Length, sum.Length, name, path);
        row.CopyTo(sum);
    }

    internal static void RefuseOtherLength(int length, int expected, string name, string path)
    {
        if (length != expected)
        {
            throw new InputException($"'{name}' has {length} numbers, {expected} are expected.", path, WhatToDo);
        }
    }

    /// <summary>Every sum is of counts, probabilities or norms, so a number below zero or none at all is damage.</summary>
    private static void RefuseBadNumbers(ExpertStatistics statistics, string path)
    {
        RefuseBad([statistics.Tokens, statistics.Sequences], "tokens and sequences", path);
        if (statistics.TopK < 1)
        {
            throw new InputException($"'top_k' is {statistics.TopK}.", path, WhatToDo);
        }

        var layers = statistics.Layers;
        for (var l = 1; l < layers.Length; l++)
        {
            if (layers[l].Layer <= layers[l - 1].Layer)
            {
                throw new InputException($"The layers do not ascend: {layers[l].Layer} after {layers[l - 1].Layer}.", path, WhatToDo);
            }
        }

        foreach (var layer in layers)
        {
            if (layer.Tokens != statistics.Tokens)
            {
                throw new InputException($"Layer {layer.Layer} counted {layer.Tokens} tokens, the whole {statistics.Tokens}.", path, WhatToDo);
            }

            foreach (var (name, values) in layer.Sums)
            {
                RefuseBad(values, $"layers.{layer.Layer}.{name}", path);
            }

            RefuseBad(layer.CoActivation, $"layers.{layer.Layer}.co_activation", path);
            RefuseBad([layer.EntropySum], $"layers.{layer.Layer}.entropy", path);
        }
    }

    private static void RefuseBad(double[] values, string name, string path)
    {
        var bad = Array.FindIndex(values, value => !(value >= 0 && double.IsFinite(value)));
        if (bad >= 0)
        {
            throw new InputException($"'{name}' has {values[bad]} at position {bad}: neither zero nor a positive number.", path, WhatToDo);
        }
    }
}
