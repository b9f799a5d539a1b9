// Makes calibration and training text of the parts of MMLU and SST-5 that no evaluation looks at.
//
//   dotnet run recipes/paper/text-of-tasks.cs -- mmlu MMLU_FOLDER > mmlu-val.jsonl       val/*.csv: 1,531 questions less 28
//   dotnet run recipes/paper/text-of-tasks.cs -- sst5 SST5_FOLDER > sst5-train.jsonl     sst_train.txt: 8,544 sentences less 3
//
// The 28 and 3 stand in the test parts too, as published (the same but for case and white space), and are left out.
// A line is {"prompt": "..", "completion": " B", "text": "the two together"}, worded as the evaluation words its questions.

#:property PublishAot=false

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

if (args is not [("mmlu" or "sst5") and var task, var folder] || !Directory.Exists(folder))
{
    Console.Error.WriteLine("usage: dotnet run text-of-tasks.cs -- mmlu|sst5 FOLDER");
    return 2;
}

var readable = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { NewLine = "\n" };
foreach (var (prompt, completion) in task == "mmlu" ? Mmlu(folder) : Sst5(folder))
{
    output.WriteLine(JsonSerializer.Serialize(new { prompt, completion, text = prompt + completion }, readable));
}

return 0;

static IEnumerable<(string, string)> Mmlu(string folder)
{
    HashSet<string> judging = [.. Directory.EnumerateFiles(Path.Combine(folder, "test"), "*_test.csv").SelectMany(path => Rows(File.ReadAllText(path))).Select(row => Normal(string.Join('\n', row.Take(5))))];
    return
        from path in Directory.EnumerateFiles(Path.Combine(folder, "val"), "*_val.csv").Order(StringComparer.Ordinal)
        from row in Rows(File.ReadAllText(path))
        where !judging.Contains(Normal(string.Join('\n', row.Take(5))))
        let subject = Path.GetFileName(path)[..^"_val.csv".Length].Replace('_', ' ')
        select (
            $"The following are multiple choice questions (with answers) about {subject}.\n\n{row[0].Trim()}\nA. {row[1]}\nB. {row[2]}\nC. {row[3]}\nD. {row[4]}\nAnswer:",
            $" {row[5]}");
}

static IEnumerable<(string, string)> Sst5(string folder)
{
    HashSet<string> judging = [.. File.ReadLines(Path.Combine(folder, "sst_test.txt")).Select(line => Normal(line.Split('\t', 2)[1]))];
    string[] labels = ["very negative", "negative", "neutral", "positive", "very positive"];
    return from line in File.ReadLines(Path.Combine(folder, "sst_train.txt"))
           let parts = line.Split('\t', 2)
           where !judging.Contains(Normal(parts[1]))
           select ($"Review: {parts[1]}\nSentiment:", $" {labels[int.Parse(parts[0]["__label__".Length..]) - 1]}");
}

static string Normal(string text) => string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

// RFC 4180: a field in quotes may hold commas, line breaks and doubled quotes; within a field a quote is a quote.
static IEnumerable<List<string>> Rows(string csv)
{
    var (row, field, quoted) = (new List<string>(), new StringBuilder(), false);
    for (var i = 0; i < csv.Length; i++)
    {
        switch (csv[i])
        {
            case '"' when quoted && i + 1 < csv.Length && csv[i + 1] == '"':
                field.Append('"');
                i++;
                break;
            case '"' when quoted || field.Length == 0:
                quoted = !quoted;
                break;
            case ',' or '\n' when !quoted:
                row.Add(field.ToString());
                field.Clear();
                if (csv[i] == '\n')
                {
                    yield return row;
                    row = [];
                }

                break;
            case '\r' when !quoted:
                break;
            default:
                field.Append(csv[i]);
                break;
        }
    }

    if (row.Count > 0 || field.Length > 0)
    {
        row.Add(field.ToString());
        yield return row;
    }
}
