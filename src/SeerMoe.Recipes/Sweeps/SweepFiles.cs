using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>A sweep's table on disk: sweep.csv for spreadsheets, sweep.md for people, sweep.json for programs.</summary>
public static class SweepFiles
{
    public static void Write(SweepFolder folder, SweepTable table)
    {
        AtomicFile.WriteText(folder.PathOf("sweep.csv"), Csv(table));
        AtomicFile.WriteText(folder.PathOf("sweep.md"), Markdown(table));
        AtomicFile.WriteText(folder.PathOf("sweep.json"), Json(table));
    }

    /// <summary>RFC 4180 (CRLF, quotes where needed, doubled inside); numbers in full, with a point.</summary>
    public static string Csv(SweepTable table)
    {
        var text = new StringBuilder();
        Line(["point", .. table.Keys, .. table.Metrics.SelectMany(Columns), "parameters", "active_parameters", "bytes", "exit_code", "error"]);
        foreach (var row in table.Rows)
        {
            var footprint = row.Report?.Evaluation.Footprint;
            Line(
            [
                row.Point.Name,
                .. row.Point.Settings.Select(setting => setting.Value),
                .. table.Metrics.SelectMany(metric => Cells(table, row, metric)),
                Text(footprint?.Parameters),
                Text(footprint?.ActiveParameters),
                Text(footprint?.Bytes),
                Text<int>(row.Failure?.ExitCode ?? 0),
                row.Failure?.Error ?? "",
            ]);
        }

        return text.ToString();

        void Line(IEnumerable<string> fields) => text.AppendJoin(',', fields.Select(Field)).Append("\r\n");
    }

    /// <summary>The means over seeds first, where seeds are swept.</summary>
    public static string Markdown(SweepTable table) => table.OverSeeds is { } means
        ? $"{Cells(means)}\n{SweepCells.SeedsLegend(table)} {Legend}\n\n{Cells(table)}"
        : $"{Cells(table)}\n{Legend}\n";

    private static string Legend => SweepCells.Legend.Replace("*", "\\*", StringComparison.Ordinal);

    private static string Cells(SweepTable table)
    {
        var text = new StringBuilder();
        var header = SweepCells.Header(table);
        Line(header);
        Line(header.Select(_ => "---"));
        foreach (var row in SweepCells.Rows(table))
        {
            Line(row);
        }

        return text.ToString();

        void Line(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal))).Append(" |\n");
    }

    public static string Json(SweepTable table) => SeerJson.Text(new JsonObject
    {
        ["schema"] = "seer/sweep@1",
        ["name"] = table.Name,
        ["metrics"] = new JsonArray([.. table.Metrics.Select(metric => new JsonObject { ["task"] = metric.Task, ["metric"] = metric.Name, ["better"] = metric.IsHigherBetter ? "higher" : "lower" })]),
        ["full"] = Node(table.Full),
        ["points"] = new JsonArray([.. table.Rows.Select(row => Point(table, row))]),
        ["over_seeds"] = table.OverSeeds is { } means ? new JsonArray([.. means.Rows.Select(row => Point(means, row))]) : null,
    });

    private static JsonObject Point(SweepTable table, SweepRow row) => new()
    {
        ["point"] = row.Point.Name,
        ["settings"] = new JsonObject(row.Point.Settings.Select(setting => KeyValuePair.Create<string, JsonNode?>(setting.Key, setting.Value))),
        ["exit_code"] = row.Failure?.ExitCode ?? 0,
        ["error"] = row.Failure?.Error,
        ["results"] = Node(row.Report?.Evaluation.Results),
        ["random"] = Node(row.Report?.Neighbours?.Random?.Results),
        ["footprint"] = Node(row.Report?.Evaluation.Footprint),
        ["front"] = new JsonArray([.. table.Metrics.Where(metric => table.IsOnFront(row, metric)).Select(metric => JsonValue.Create(metric.Task))]),
    };

    private static JsonNode? Node<T>(T? value)
        where T : class => value is null ? null : System.Text.Json.JsonSerializer.SerializeToNode(value, SeerJson.Indented);

    private static IEnumerable<string> Columns(SweepMetric metric)
    {
        var name = $"{metric.Task}_{metric.Name}";
        return [name, $"{name}_stderr", $"{name}_front", $"{name}_random", $"{name}_random_stderr"];
    }

    private static IEnumerable<string> Cells(SweepTable table, SweepRow row, SweepMetric metric)
    {
        var (result, random) = (row.ResultOf(metric.Task), row.RandomOf(metric.Task));
        return [Value(metric.Value, result), Value(metric.Error, result), result is null ? "" : table.IsOnFront(row, metric) ? "true" : "false", Value(metric.Value, random), Value(metric.Error, random)];
    }

    private static string Value(Func<TaskResult, double?> metric, TaskResult? result) => Text(result is null ? null : metric(result));

    private static string Text<T>(T? number)
        where T : struct, IFormattable => number?.ToString(format: null, CultureInfo.InvariantCulture) ?? "";

    private static string Field(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
