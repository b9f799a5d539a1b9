using SeerMoe.Testing;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Tests.Tasks;

public sealed class ReadingRows : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_csv_takes_line_breaks_commas_and_doubled_marks_in_quotes_as_text()
    {
        var rows = Read(RowFormat.Csv, "\"a\r\nb, \"\"c\"\"\",None\n,NA\r\n");

        Assert.Equal("a\nb, \"c\"", (string?)rows[0].Fields["x"]);
        Assert.Equal(("", "NA"), ((string?)rows[1].Fields["x"], (string?)rows[1].Fields["y"]));
        Assert.EndsWith("data(3)", rows[1].Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_csv_is_never_parted_by_anything_but_commas() =>
        Assert.Equal("a;b", (string?)Read(RowFormat.Csv, "a;b,c;d\ne;f,g;h\n")[0].Fields["x"]);

    [Theory]
    [InlineData("a,b\n\"c\nc\",d\ne,f,g\n", "3 columns, not 2 (x, y)", "(4)")]
    [InlineData("a,b\nc\n", "1 columns", "(2)")]
    [InlineData("a,b\n\"c,d\ne,f\n", "quotation mark", "(2)")]
    [InlineData("a,b\n\"c\"c,d\n", "quotation mark", "(2)")]
    public void Of_csv_tells_a_damaged_row_by_its_line(string text, string what, string line) => AssertRefused(RowFormat.Csv, text, what, line);

    [Fact]
    public void Of_tsv_takes_quotation_marks_as_text() =>
        Assert.Equal("\"b", (string?)Read(RowFormat.Tsv, "a\t\"b\n")[0].Fields["y"]);

    [Theory]
    [InlineData("a\tb\n\nc\n", "1 columns, not 2", "(3)")]
    [InlineData("a\tb\tc\n", "3 columns", "(1)")]
    public void Of_tsv_tells_a_damaged_row_by_its_line(string text, string what, string line) => AssertRefused(RowFormat.Tsv, text, what, line);

    [Theory]
    [InlineData("{\"x\": 1, \"y\": 2}\n{\"x\": 1}\n", "lacks \"y\"", "(2)")]
    [InlineData("{\"x\": 1, \"y\": null}\n", "lacks \"y\"", "(1)")]
    [InlineData("{\"x\": 1, \"y\": 2\n", "not the JSON", "(1,")]
    public void Of_jsonl_tells_a_damaged_row_by_its_line(string text, string what, string line) => AssertRefused(RowFormat.JsonLines, text, what, line);

    [Fact]
    public void Takes_labels_from_a_file_of_their_own()
    {
        var rows = TaskRows.WithLabels(Read(RowFormat.Tsv, "a\tb\nc\td\n"), _folder.Write("labels", "1\n0\n")).ToList();

        Assert.Equal(["1", "0"], rows.Select(row => (string?)row.Fields["label"]));
    }

    [Theory]
    [InlineData("1\n", "only 1 labels", "labels")]
    [InlineData("1\n0\n1\n", "more labels", "labels(3)")]
    public void Needs_as_many_labels_as_rows(string labels, string what, string where)
    {
        var error = Assert.Throws<InputException>(() => TaskRows.WithLabels(Read(RowFormat.Tsv, "a\tb\nc\td\n"), _folder.Write("labels", labels)).ToList());

        Assert.Contains(what, error.What, StringComparison.Ordinal);
        Assert.EndsWith(where, error.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_wikitext_are_pages_whose_lines_keep_their_spaces()
    {
        var rows = Read(RowFormat.Pages, " \r\n = One = \r\n text \r\n = = Part = = \r\n more\r\n = Two = \r\n end\r\n");

        Assert.Equal([" = One = \n text \n = = Part = = \n more", " = Two = \n end\n"], rows.Select(row => (string?)row.Fields["page"]));
        Assert.Equal([5, 2], rows.Select(row => row.Lines));
        Assert.EndsWith("data(6)", rows[1].Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_file_that_is_absent_names_it() =>
        Assert.Equal(_folder["absent"], Assert.Throws<InputException>(() => TaskRows.Read(Data(RowFormat.Csv), _folder["absent"]).ToList()).Where);

    private static TaskData Data(RowFormat format) => new(format, ["x", "y"], []);

    private List<TaskRow> Read(RowFormat format, string text) => [.. TaskRows.Read(Data(format), _folder.Write("data", text))];

    private void AssertRefused(RowFormat format, string text, string what, string line)
    {
        var error = Assert.Throws<InputException>(() => Read(format, text));
        Assert.Contains(what, error.What, StringComparison.Ordinal);
        Assert.Contains($"data{line}", error.Where, StringComparison.Ordinal);
    }
}
