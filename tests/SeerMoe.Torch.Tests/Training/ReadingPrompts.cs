using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Tokenization;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Training;

namespace SeerMoe.Torch.Tests.Training;

public sealed class ReadingPrompts : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;
    private readonly ITokenizer _tokenizer;

    public ReadingPrompts()
    {
        _checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        _tokenizer = ModelTokenizer.Open(_checkpoint, 258);
    }

    public void Dispose()
    {
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("{\"prompt\": \"2+2 =\", \"completion\": \" 4\"}", TextFormat.JsonLines)]
    [InlineData("{\"question\": \"2+2 =\", \"choices\": [\"5\", \"4\"], \"answer\": 1}", TextFormat.Choices)]
    [InlineData("{\"prompt\": \"2+2 = \", \"completion\": \"4\"}", TextFormat.JsonLines)]
    public void The_completion_and_the_end_of_the_text_are_learned(string line, TextFormat format)
    {
        var sequence = Assert.Single(Read(line, format));

        Assert.Equal("2+2 = 4", _tokenizer.Decode(sequence.Ids[..^1]));
        Assert.Equal(_tokenizer.EndOfText, sequence.Ids[^1]);
        Assert.Equal(" 4", _tokenizer.Decode([.. Learned(sequence)[..^1]]));
    }

    [Fact]
    public void After_an_empty_prompt_all_is_learned()
    {
        var sequence = Assert.Single(Read("{\"prompt\": \"\", \"completion\": \"yes\"}", TextFormat.JsonLines));

        Assert.Equal("yes", _tokenizer.Decode([.. Learned(sequence)[..^1]]));
    }

    [Fact]
    public void Too_long_a_line_loses_its_beginning()
    {
        var sequence = Assert.Single(Read("{\"prompt\": \"a long question, and longer still\", \"completion\": \" no\"}", TextFormat.JsonLines, window: 8));

        Assert.Equal(8, sequence.Ids.Length);
        Assert.Equal(" no", _tokenizer.Decode([.. Learned(sequence)[..^1]]));
    }

    [Fact]
    public void Packed_lines_share_sequences_and_keep_what_is_learned()
    {
        const string line = "{\"prompt\": \"2+2 =\", \"completion\": \" 4\"}";
        var padded = Read($"{line}\n{line}", TextFormat.JsonLines);
        var packed = Assert.Single(Read($"{line}\n{line}", TextFormat.JsonLines, packing: Packing.Packed));

        Assert.Equal(2, padded.Count);
        Assert.Equal(padded.SelectMany(sequence => sequence.Ids), packed.Ids);
        Assert.Equal(padded.SelectMany(Learned), Learned(packed));
    }

    [Fact]
    public void Padded_documents_have_sequences_of_their_own()
    {
        var sequences = TrainingText.Read(
            new TextSource(_folder.Write("data.jsonl", "{\"text\": \"abc\"}\n{\"text\": \"defgh\"}"), TextFormat.JsonLines), () => _tokenizer, 258, window: 4, Packing.Padded);

        Assert.All(sequences, sequence => Assert.True(sequence.Ids.Length <= 4));
        Assert.Equal(_tokenizer.EndOfText, sequences[0].Ids[^1]);
    }

    [Theory]
    [InlineData("{\"prompt\": \"2+2 =\"}", TextFormat.JsonLines, "\"prompt\" and \"completion\"")]
    [InlineData("{\"question\": \"2+2 =\", \"choices\": [\"5\"], \"answer\": 1}", TextFormat.Choices, "index of the right one")]
    public void A_line_that_lacks_something_is_named(string line, TextFormat format, string expected)
    {
        var error = Assert.Throws<InputException>(() => Read($"\n{line}", format));

        Assert.EndsWith("(2)", error.Where, StringComparison.Ordinal);
        Assert.Contains(expected, error.What, StringComparison.Ordinal);
    }

    private IReadOnlyList<TokenSequence> Read(string lines, TextFormat format, int window = 64, Packing? packing = null)
    {
        var source = new TextSource(_folder.Write("data.jsonl", lines), format, format == TextFormat.Choices ? "text" : "completion") { PromptField = format == TextFormat.Choices ? null : "prompt" };
        return TrainingText.Read(source, () => _tokenizer, 258, window, packing);
    }

    private static int[] Learned(TokenSequence sequence) => [.. sequence.Ids.Where((_, position) => sequence.IsLearned(position))];
}
