using SeerMoe.Testing;
using SeerMoe.Tokenization;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Tests.Evaluation;

public class ScoringMultipleChoice
{
    private static readonly ITokenizer Bytes = TokenizerFolder.Open(Repository.Path("examples", "tiny-moe"));

    [Fact]
    public void Scores_the_space_and_the_choice_after_the_question()
    {
        var request = Single(new Question("Ab", ["c", "dd"], 0), maxLength: 100, index: 1);

        Assert.Equal("Ab dd"u8.ToArray().Select(b => (int)b), request.Sequence.Ids);
        Assert.Equal([false, false, true, true, true], request.Scored);
    }

    [Fact]
    public void Moves_white_space_at_the_end_of_the_question_to_the_continuation()
    {
        var request = Single(new Question("Ab \n", ["c", "d"], 0), maxLength: 100, index: 0);

        Assert.Equal("Ab \n c"u8.ToArray().Select(b => (int)b), request.Sequence.Ids);
        Assert.Equal([false, false, true, true, true, true], request.Scored);
    }

    [Fact]
    public void Counts_as_white_space_what_python_counts()
    {
        // U+001C..U+001F are white space to str.rstrip(), not to .NET.
        var request = Single(new Question("Ab\u001c", ["c", "d"], 0), maxLength: 100, index: 0);

        Assert.Equal([false, false, true, true, true], request.Scored);
    }

    [Fact]
    public void Begins_an_empty_question_with_the_prefix_token()
    {
        var request = Single(new Question("", ["c", "d"], 0), maxLength: 100, index: 0);

        Assert.Equal([256, ' ', 'c'], request.Sequence.Ids);
        Assert.Equal([false, true, true], request.Scored);
    }

    [Fact]
    public void Cuts_a_long_question_on_the_left()
    {
        var request = Single(new Question("0123456789", ["c", "d"], 0), maxLength: 5, index: 0);

        // (ctx + cont)[-(max_length + 1):], of which all but the last are input
        Assert.Equal("6789 c"u8.ToArray().Select(b => (int)b), request.Sequence.Ids);
        Assert.Equal([false, false, false, false, true, true], request.Scored);
    }

    [Fact]
    public void Refuses_a_choice_that_does_not_fit_the_window() =>
        Assert.Contains("comes to 5 tokens", Assert.Throws<InputException>(() => Single(new Question("q", ["four", "d"], 0), maxLength: 4, index: 0)).What, StringComparison.Ordinal);

    [Fact]
    public void Divides_by_code_points_for_acc_norm_and_by_bytes_for_acc_bytes()
    {
        // 😀é is 2 code points, 3 UTF-16 units and 6 bytes.
        var question = new Question("q", ["abc", "😀é"], 1);
        Judgement Result(double a, double b) => MultipleChoice.Judge(question, [new Score(a, 1, false), new Score(b, 1, false)]);

        Assert.Equal(1, Result(-3.3, -2.1).AccNorm);  // -1.10 < -1.05
        Assert.Equal(0, Result(-3.0, -2.1).AccNorm);  // -1.00 > -1.05, though -2.1 / 3 would win
        Assert.Equal(1, Result(-3.0, -2.1).Acc);
        Assert.Equal(1, Result(-3.0, -5.9).AccBytes); // -1.00 < -0.98
        Assert.Equal(0, Result(-3.0, -6.1).AccBytes);
    }

    [Fact]
    public void Gives_the_first_of_equal_choices()
    {
        Score[] equal = [new(-2, 1, false), new(-2, 1, false)];

        Assert.Equal(1, MultipleChoice.Judge(new Question("q", ["a", "b"], 0), equal).Acc);
        Assert.Equal(0, MultipleChoice.Judge(new Question("q", ["a", "b"], 1), equal).Acc);
    }

    [Fact]
    public void Has_the_standard_error_of_the_mean()
    {
        var tally = new QuestionTally(TaskForm.MultipleChoice);
        foreach (var right in (double[])[1, 1, 1, 0])
        {
            tally.Add(new Judgement(right, right, right, right, LogLikelihood: -1), []);
        }

        var result = tally.Result();
        Assert.Equal(0.75, result.Acc);
        Assert.Equal(0.25, result.AccStderr!.Value, precision: 12); // sqrt(0.75 * 0.25 / (4 - 1))
    }

    [Fact]
    public void Is_an_exact_match_when_every_token_of_the_right_choice_is_the_likeliest()
    {
        Score[] scores = [new(-9, 1, IsGreedy: true), new(-1, 1, IsGreedy: false)];

        Assert.Equal(1, MultipleChoice.Judge(new Question("q", ["a", "b"], 0), scores).ExactMatch);
        Assert.Equal(0, MultipleChoice.Judge(new Question("q", ["a", "b"], 1), scores).ExactMatch);
    }

    [Fact]
    public void Knows_how_many_tokens_the_questions_of_a_subject_share()
    {
        var encoding = new RequestEncoding(Bytes, maxLength: 100, header: "About x.\n\n");

        Assert.All(encoding.Requests(new Question("About x.\n\nOne?", ["a", "b"], 0)), request => Assert.Equal(10, request.SharedTokens));
        Assert.All(new RequestEncoding(Bytes, maxLength: 12, header: "About x.\n\n").Requests(new Question("About x.\n\nOne?", ["a", "b"], 0)), request => Assert.Equal(0, request.SharedTokens));
    }

    [Theory]
    [InlineData("{\"question\": \"q\", \"choices\": [\"a\"], \"answer\": 0}", "lacks a second choice")]
    [InlineData("{\"question\": \"q\", \"choices\": [\"a\", \"b\"]}", "lacks \"answer\"")]
    [InlineData("{\"question\": \"q\", \"choices\": [\"a\", \"b\"], \"answer\": 2}", "none of the 2 choices")]
    [InlineData("{\"question\": \"q\", \"choices\": [\"a\", \"b\"], \"answer\": -1}", "none of the 2 choices")]
    [InlineData("{\"question\": \"q\", \"choices\": [\"a\", \"b\"], \"answer\": \"x\"}", "no whole number")]
    [InlineData("{\"question\": \"q\", \"choices\": [\"a\", \"\"], \"answer\": 0}", "empty")]
    [InlineData("{\"question\": \"\\ud800\", \"choices\": [\"a\", \"b\"], \"answer\": 0}", "no text in Unicode")]
    [InlineData("{\"question\": [], \"choices\": [\"a\", \"b\"], \"answer\": 0}", "neither a text nor a number")]
    [InlineData("{\"question\": \"q\", \"question\": \"r\", \"choices\": [\"a\", \"b\"], \"answer\": 0}", "twice")]
    [InlineData("{\"question\": ", "not the JSON")]
    [InlineData("[1]", "no JSON object")]
    public void Refuses_a_line_of_another_form_and_names_it(string line, string what)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("questions.jsonl", "{\"question\": \"q\", \"choices\": [\"a\", \"b\"], \"answer\": 1}\n\n" + line + "\n");

        var error = Assert.Throws<InputException>(() => OwnQuestions.Of("own", path).Check());
        Assert.Contains(what, error.What, StringComparison.Ordinal);
        Assert.Contains("questions.jsonl(3", error.Where, StringComparison.Ordinal);
    }

    private static ScoreRequest Single(Question question, int maxLength, int index) =>
        new RequestEncoding(Bytes, maxLength).Requests(question).ElementAt(index);
}
