using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using SeerMoe.Safetensors;

namespace SeerMoe.Experts;

/// <summary>
/// statistics.safetensors: float64 tensors, so that nothing is lost; what is no sum stands in the metadata.
/// <code>
/// layers.3.actual ... layers.3.max_abs   [E]      the sums, as in LayerStatistics.Sums
/// layers.3.co_activation                 [E, E]
/// layers.3.entropy_sum, layers.3.tokens  [1]
/// </code>
/// </summary>
internal static class StatisticsTensors
{
    private const string EntropySum = "entropy_sum";
    private const string Tokens = "tokens";
    private const string CoActivation = "co_activation";

    public static void Write(string path, ExpertStatistics statistics)
    {
        var rows = statistics.Layers.SelectMany(Rows).ToArray();
        var metadata = new Dictionary<string, string>
        {
            ["schema"] = StatisticsFile.Schema,
            ["architecture"] = statistics.Architecture,
            ["checkpoint"] = statistics.Checkpoint,
            ["tokens"] = statistics.Tokens.ToString(CultureInfo.InvariantCulture),
            ["sequences"] = statistics.Sequences.ToString(CultureInfo.InvariantCulture),
            ["top_k"] = statistics.TopK.ToString(CultureInfo.InvariantCulture),
        };
        using var writer = SafetensorsWriter.Create(path, [.. rows.Select(row => row.Spec)], metadata);
        foreach (var (_, values) in rows)
        {
            writer.Write(MemoryMarshal.AsBytes<double>(values));
        }

        writer.Complete();
    }

    public static ExpertStatistics Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        StatisticsFile.RefuseOtherSchema(file.Header.Metadata.GetValueOrDefault("schema"), path);
        return new ExpertStatistics(
            Text(file, "architecture"),
            Text(file, "checkpoint"),
            Number<long>(file, "tokens"),
            Number<long>(file, "sequences"),
            Number<int>(file, "top_k"),
            [.. LayersOf(file).Select(layer => Layer(file, layer))]);
    }

    private static IEnumerable<(TensorSpec Spec, double[] Values)> Rows(LayerStatistics layer)
    {
        long experts = layer.Experts;
        foreach (var (name, values) in layer.Sums)
        {
            yield return (Spec(name, [experts]), values);
        }

        yield return (Spec(CoActivation, [experts, experts]), layer.CoActivation);
        yield return (Spec(EntropySum, [1]), [layer.EntropySum]);
        yield return (Spec(Tokens, [1]), [layer.Tokens]);

        TensorSpec Spec(string name, ImmutableArray<long> shape) => new(NameOf(layer.Layer, name), DType.Float64, shape);
    }

    private static LayerStatistics Layer(SafetensorsFile file, int index)
    {
        var experts = Row(file, NameOf(index, "actual")).Length;
        if (experts is < 1 or > StatisticsFile.MostExperts)
        {
            throw new InputException($"Layer {index} has {experts} experts.", file.Path, StatisticsFile.WhatToDo);
        }

        var layer = new LayerStatistics(index, experts)
        {
            EntropySum = Single(file, NameOf(index, EntropySum)),
            Tokens = (long)Single(file, NameOf(index, Tokens)),
        };
        foreach (var (name, sum) in layer.Sums)
        {
            StatisticsFile.Fill(sum, Row(file, NameOf(index, name)), NameOf(index, name), file.Path);
        }

        StatisticsFile.Fill(layer.CoActivation, Row(file, NameOf(index, CoActivation)), NameOf(index, CoActivation), file.Path);
        return layer;
    }

    /// <summary>The layers that the tensor names speak of, ascending.</summary>
    private static IEnumerable<int> LayersOf(SafetensorsFile file) =>
        file.Header.Tensors.Select(entry => LayerIn(entry.Spec.Name, file.Path)).Distinct().Order();

    private static int LayerIn(string name, string path) =>
        name.Split('.') is ["layers", var layer, _] && int.TryParse(layer, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw new InputException($"'{name}' is not a tensor of statistics.", path, StatisticsFile.WhatToDo);

    private static string NameOf(int layer, string sum) => $"layers.{layer}.{sum}";

    private static double Single(SafetensorsFile file, string name)
    {
        var value = new double[1];
        StatisticsFile.Fill(value, Row(file, name), name, file.Path);
        return value[0];
    }

    private static double[] Row(SafetensorsFile file, string name)
    {
        if (!file.TryTensor(name, out var tensor))
        {
            throw new InputException($"'{name}' is absent.", file.Path, StatisticsFile.WhatToDo);
        }

        if (tensor.Spec.ElementCount > (long)StatisticsFile.MostExperts * StatisticsFile.MostExperts)
        {
            throw new InputException($"'{name}' has {tensor.Spec.ElementCount:N0} numbers.", file.Path, StatisticsFile.WhatToDo);
        }

        return tensor.Spec.DType == DType.Float64
            ? MemoryMarshal.Cast<byte, double>(tensor.Slice(0, (int)tensor.ByteCount)).ToArray()
            : throw new InputException($"'{name}' is {tensor.Spec.DType.Code()}, not F64.", file.Path, StatisticsFile.WhatToDo);
    }

    private static string Text(SafetensorsFile file, string key) =>
        file.Header.Metadata.TryGetValue(key, out var text) ? text : throw new InputException($"The metadata lacks '{key}'.", file.Path, StatisticsFile.WhatToDo);

    private static T Number<T>(SafetensorsFile file, string key)
        where T : IParsable<T> =>
        T.TryParse(Text(file, key), CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InputException($"The metadata's '{key}' is not a whole number.", file.Path, StatisticsFile.WhatToDo);
}
