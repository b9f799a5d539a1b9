using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Torch.Tests.Evaluation;

/// <summary>LAMBADA's form: one continuation a question.</summary>
public class ScoringAWord
{
    [Fact]
    public void Has_a_perplexity_of_whole_words_and_counts_the_greedy_ones()
    {
        var tally = new QuestionTally(TaskForm.LogLikelihood);
        foreach (var score in (Score[])[new(-1, 2, IsGreedy: true), new(-3, 1, IsGreedy: false)])
        {
            tally.Add(MultipleChoice.Judge(new Question([new Option("context", " word", " word")], 0), [score]), [score]);
        }

        var result = tally.Result();
        Assert.Equal(0.5, result.Acc);
        Assert.Equal(Math.Exp(2), result.Perplexity!.Value, precision: 12);      // exp of the mean, tokens not counted
        Assert.Equal(Math.Exp(2), result.PerplexityStderr!.Value, precision: 12); // exp(2) x sqrt(2 / 2), the error of a mean of 1 and 3
        Assert.Null(result.AccNorm);
    }
}
