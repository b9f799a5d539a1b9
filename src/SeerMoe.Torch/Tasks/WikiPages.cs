using System.Text.Json.Nodes;
using SeerMoe.Torch.Calibration;

namespace SeerMoe.Torch.Tasks;

/// <summary>
/// Pages of WikiText, cut as the harness' data set of whole documents cuts them: at each heading of the first level.
/// <code>
///  = Robert Boulter =          a page begins
///  = = Career = =              a section of it
/// </code>
/// </summary>
internal static class WikiPages
{
    /// <summary>The column <c>page</c>; lines keep their spaces and are joined by "\n". Text before the first heading is dropped if blank.</summary>
    public static IEnumerable<TaskRow> Read(string path)
    {
        // Line ends only: the published file ends its lines with "\n", copies made elsewhere with "\r\n".
        var text = DataLines.ReadAll(path).Replace("\r", string.Empty, StringComparison.Ordinal);
        var lines = text.Split('\n');

        // What follows the last line break is no line, but the page ends with that break.
        var count = text.EndsWith('\n') ? lines.Length - 1 : lines.Length;
        var (start, counted) = (0, 0);
        for (var i = 1; i <= lines.Length; i++)
        {
            if (i < lines.Length && !IsTitle(lines[i]))
            {
                continue;
            }

            var page = string.Join('\n', lines[start..i]);
            if (i == lines.Length || !string.IsNullOrWhiteSpace(page))
            {
                var read = Math.Min(i, count);
                yield return new TaskRow(new JsonObject { ["page"] = page }, $"{path}({start + 1})", read - counted);
                counted = read;
            }

            start = i;
        }
    }

    private static bool IsTitle(string line)
    {
        var title = PythonText.Strip(line.Replace("= = =", "===", StringComparison.Ordinal).Replace("= =", "==", StringComparison.Ordinal));
        return title.StartsWith("= ", StringComparison.Ordinal) && title.EndsWith(" =", StringComparison.Ordinal);
    }
}
