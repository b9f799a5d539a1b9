using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Tests.Parity;

namespace SeerMoe.Torch.Tests.Evaluation;

/// <summary>Each request a forward of its own is the naive way; what is shared must not show in the numbers.</summary>
public class WhenRequestsShareTheirBeginning
{
    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Scores_are_those_of_one_forward_each(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        var requests = Requests();
        var shared = new ScoredModel(model, batchSize: 4, worthwhile: 1);
        var scores = shared.Score(requests);

        foreach (var (request, score) in requests.Zip(scores))
        {
            var alone = new ScoredModel(model, batchSize: 1).Score([request])[0];
            Close.Absolute(alone.LogLikelihood, score.LogLikelihood, 1e-5 * score.Tokens);
            Assert.Equal((alone.Tokens, alone.IsGreedy), (score.Tokens, score.IsGreedy));
        }
    }

    [Fact]
    public void Four_letters_after_one_question_are_one_forward_and_the_examples_before_it_another()
    {
        using var oracle = new Oracle("mixtral");
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        int[] shots = [.. Enumerable.Range(1, 100)];
        ScoreRequest[] requests = [.. from question in Enumerable.Range(0, 5) from letter in Enumerable.Range(0, 4) select ScoreRequest.Tail([.. shots, 150 + question, 7, 9, 200 + letter], 1)];
        var scored = new ScoredModel(model, batchSize: 4, worthwhile: 400);
        scored.Score(requests);

        Assert.Equal(20 * 103, scored.TokensAsked);
        Assert.Equal(100 + (5 * 3), scored.TokensForwarded);
        Assert.Equal(new ScoringCost(scored.TokensAsked, scored.TokensForwarded), ScoringCost.Of(requests, worthwhile: 400));
    }

    [Fact]
    public void A_beginning_that_saves_too_little_is_computed_with_each()
    {
        using var oracle = new Oracle("mixtral");
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        int[] shots = [.. Enumerable.Range(1, 100)];
        var scored = new ScoredModel(model, batchSize: 4, worthwhile: 401);
        scored.Score([.. Enumerable.Range(0, 5).Select(question => ScoreRequest.Tail([.. shots, 150 + question, 200], 1))]);

        Assert.Equal(5 * 101, scored.TokensForwarded);
    }

    [Fact]
    public void Progress_ends_with_all_of_them()
    {
        using var oracle = new Oracle("mixtral");
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        var told = new List<(int Done, int All)>();
        new ScoredModel(model, batchSize: 4, worthwhile: 1).Score(Requests(), (done, all) => told.Add((done, all)));

        Assert.Equal(told.OrderBy(one => one.Done), told);
        Assert.Equal((Requests().Count, Requests().Count), told[^1]);
    }

    /// <summary>Two beginnings longer than any window of the fixtures, choices of one and of several tokens, lengths on both sides of LongRoPE's 64, one by itself, one padded.</summary>
    private static List<ScoreRequest> Requests()
    {
        int[] first = [.. Enumerable.Range(0, 30).Select(i => 3 + (i * 7 % 90))];
        int[] second = [.. Enumerable.Range(0, 50).Select(i => 3 + (i * 11 % 90))];
        return
        [
            .. from question in Enumerable.Range(0, 3) from letter in Enumerable.Range(0, 4) select ScoreRequest.Tail([.. first, 5, 60 + question, 8, 20 + letter], 1),
            .. from question in Enumerable.Range(0, 2) from ending in Enumerable.Range(0, 3) select ScoreRequest.Tail([.. second, 9, 70 + question, .. Enumerable.Range(30, (ending * 9) + 2)], (ending * 9) + 2),
            ScoreRequest.Tail([4, 8, 15, 16, 23, 42], 5),
            new ScoreRequest(new TokenSequence([0, 0, 4, 8, 15, 16], [false, false, true, true, true, true]), [false, false, false, true, true, true]),
        ];
    }
}
