using System.Diagnostics;
using System.Text.Json.Nodes;
using CsvHelper;
using SeerMoe.Torch.Calibration;

namespace SeerMoe.Torch.Tasks;

/// <summary>Data files as rows, one after the other; a row that is not of the form is an error with file and line.</summary>
internal static class TaskRows
{
    private const string WhatToDo = "Compare the line with the others, or get the file anew.";

    /// <exception cref="InputException">The file is absent, or a row is damaged.</exception>
    public static IEnumerable<TaskRow> Read(TaskData data, string path) => data.Format switch
    {
        RowFormat.Csv => Csv(data.Columns, path),
        RowFormat.Tsv => Tsv(data.Columns, path),
        RowFormat.JsonLines => JsonLines(data.Columns, path),
        RowFormat.Pages => WikiPages.Read(path),
        _ => throw new UnreachableException(),
    };

    /// <summary>The same rows with the lines of another file as their column `label`.</summary>
    public static IEnumerable<TaskRow> WithLabels(IEnumerable<TaskRow> rows, string path)
    {
        using var labels = DataLines.Read(path).GetEnumerator();
        var count = 0;
        foreach (var row in rows)
        {
            if (!labels.MoveNext())
            {
                throw new InputException($"There are only {count} labels.", path, $"Give one for each row: {row.Where} has none.");
            }

            count++;
            row.Fields["label"] = labels.Current.Line.Trim();
            yield return row;
        }

        if (labels.MoveNext())
        {
            throw new InputException($"There are more labels than the {count} rows.", $"{path}({labels.Current.Number})", "Give one for each row.");
        }
    }

    private static IEnumerable<TaskRow> Csv(IReadOnlyList<string> columns, string path)
    {
        // The whole file, so that bytes which are no UTF-8 are told before anything is parsed; the largest of MMLU has 2 MB.
        var text = DataLines.ReadAll(path).Replace("\r\n", "\n", StringComparison.Ordinal);
        var options = new CsvReaderOptions { Separator = ',', HasHeader = false, MalformedData = CsvMalformedDataHandling.Throw, TrackLineNumbers = true };
        using var reader = CsvReader.FromText(text, options);
        while (Next(reader, path))
        {
            var where = $"{path}({reader.LineNumber})";
            if (reader.FieldCount != columns.Count)
            {
                throw new InputException($"The row has {reader.FieldCount} columns, not {columns.Count} ({string.Join(", ", columns)}).", where, WhatToDo);
            }

            yield return new TaskRow(Fields(columns, reader.GetString), where);
        }
    }

    private static bool Next(CsvReader reader, string path)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException error)
        {
            throw new InputException("A quotation mark is out of place.", $"{path}({error.LineNumber})", "A field with one in it is quoted as a whole, and the mark is doubled.", error);
        }
    }

    private static IEnumerable<TaskRow> Tsv(IReadOnlyList<string> columns, string path)
    {
        foreach (var (number, line) in DataLines.Read(path))
        {
            var parts = line.Split('\t');
            yield return parts.Length == columns.Count
                ? new TaskRow(Fields(columns, i => parts[i]), $"{path}({number})")
                : throw new InputException($"The row has {parts.Length} columns, not {columns.Count} ({string.Join(", ", columns)}).", $"{path}({number})", WhatToDo);
        }
    }

    private static IEnumerable<TaskRow> JsonLines(IReadOnlyList<string> columns, string path)
    {
        var form = $"Each line is a JSON object with {string.Join(", ", columns.Select(column => $"\"{column}\""))}.";
        foreach (var (number, line) in DataLines.Read(path))
        {
            var where = $"{path}({number})";
            var fields = DataLines.Parse<JsonNode>(line, path, number, form) as JsonObject ?? throw new InputException("The line is no JSON object.", where, form);
            if (columns.FirstOrDefault(column => Value(fields, column, where, form) is null) is { } missing)
            {
                throw new InputException($"The line lacks \"{missing}\".", where, form);
            }

            yield return new TaskRow(fields, where);
        }
    }

    // A JsonObject looks for double keys when it is first asked.
    private static JsonNode? Value(JsonObject fields, string column, string where, string form)
    {
        try
        {
            return fields[column];
        }
        catch (ArgumentException error)
        {
            throw new InputException("The line has a key twice.", where, form, error);
        }
    }

    private static JsonObject Fields(IReadOnlyList<string> columns, Func<int, string> value) =>
        new(columns.Select((column, i) => KeyValuePair.Create<string, JsonNode?>(column, value(i))));
}
