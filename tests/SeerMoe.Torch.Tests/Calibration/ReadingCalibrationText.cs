using SeerMoe.Testing;
using SeerMoe.Tokenization;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Tests.Calibration;

public class ReadingCalibrationText
{
    private const int End = 256;

    [Fact]
    public void Joins_documents_by_the_end_of_text_token_and_cuts_windows()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("data.jsonl", "{\"text\": \"abc\"}\n{\"text\": \"de\"}\n{\"text\": \"fghi\"}\n");

        Assert.Equal(
            [['a', 'b', 'c', End], ['d', 'e', End, 'f'], ['g', 'h', 'i', End]],
            Read(new TextSource(path, TextFormat.JsonLines), window: 4).Select(sequence => sequence.Ids));
    }

    [Fact]
    public void Keeps_a_shorter_last_window_and_stops_at_the_limit()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("data.txt", "abcdefg");

        Assert.Equal([['a', 'b', 'c'], ['d', 'e', 'f'], ['g', End]], Read(new TextSource(path), window: 3).Select(sequence => sequence.Ids));
        Assert.Equal([['a', 'b', 'c'], ['d']], Read(new TextSource(path), window: 3, limit: 4).Select(sequence => sequence.Ids));
    }

    [Fact]
    public void Takes_token_lines_as_they_stand()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("data.jsonl", "{\"input_ids\": [1, 2, 3]}\n{\"input_ids\": [0, 4], \"attention_mask\": [0, 1]}\n");
        var sequences = Read(new TextSource(path, TextFormat.Tokens), window: 2);

        Assert.Equal([1, 2, 3], sequences[0].Ids);
        Assert.Null(sequences[0].Mask);
        Assert.Equal([false, true], sequences[1].Mask!);
        Assert.Equal(1, sequences[1].RealTokens);
    }

    [Fact]
    public void Takes_a_byte_order_mark_for_no_text()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["data.txt"], [0xEF, 0xBB, 0xBF, .. "ab"u8]);

        Assert.Equal([['a', 'b', End]], Read(new TextSource(folder["data.txt"]), window: 4).Select(sequence => sequence.Ids));
    }

    [Theory]
    [InlineData(TextFormat.JsonLines, "{\"text\": \"\\ud800\"}\n", "no text in \"text\"", "(1)")]
    [InlineData(TextFormat.JsonLines, "{\"txt\": \"a\"}\n", "no text in \"text\"", "(1)")]
    [InlineData(TextFormat.JsonLines, "{\"text\": \"a\"}\n{\"text\": 3}\n", "no text in \"text\"", "(2)")]
    [InlineData(TextFormat.JsonLines, "{\"text\": \"a\"\n", "not the JSON", "(1,")]
    [InlineData(TextFormat.JsonLines, "\n\n", "empty", "data")]
    [InlineData(TextFormat.Text, "", "empty", "data")]
    [InlineData(TextFormat.Tokens, "{\"input_ids\": [1, 258]}\n", "Token id 258 is outside the vocabulary of 258", "(1)")]
    [InlineData(TextFormat.Tokens, "{\"input_ids\": [1]}\n{\"input_ids\": [-1]}\n", "Token id -1", "(2)")]
    [InlineData(TextFormat.Tokens, "{\"input_ids\": []}\n", "no input_ids", "(1)")]
    [InlineData(TextFormat.Tokens, "{\"input_ids\": [1, 2], \"attention_mask\": [1]}\n", "must hold 2 numbers", "(1)")]
    [InlineData(TextFormat.Tokens, "{\"input_ids\": [1, 2], \"attention_mask\": [1, 2]}\n", "each 0 or 1", "(1)")]
    public void Refuses_bad_data_and_names_the_line(TextFormat format, string text, string what, string where)
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<InputException>(() => Read(new TextSource(folder.Write("data", text), format), window: 4));

        Assert.Contains(what, error.What, StringComparison.Ordinal);
        Assert.Contains(where, error.Where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TextFormat.Text)]
    [InlineData(TextFormat.JsonLines)]
    public void Refuses_what_is_not_utf8(TextFormat format)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["data"], [.. "{\"text\": \"a"u8, 0xC3, 0x28]);

        Assert.Contains("not UTF-8", Assert.Throws<InputException>(() => Read(new TextSource(folder["data"], format), window: 4)).What, StringComparison.Ordinal);
    }

    private static List<TokenSequence> Read(TextSource source, int window, long? limit = null) =>
        [.. CalibrationText.Read(source, () => TokenizerFolder.Open(Repository.Path("examples", "tiny-moe")), vocabularySize: 258, window, limit)];
}
