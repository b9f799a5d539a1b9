using FsCheck;
using FsCheck.Fluent;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Torch.Tests.Evaluation;

public class ScoringADocument
{
    [Fact]
    public void Runs_in_windows_of_the_harness()
    {
        var windows = RollingWindows.Of([1, 2, 3, 4, 5, 6, 7], prefix: 0, length: 3).ToList();

        Assert.Equal([0, 1, 2, 3], windows[0].Sequence.Ids);
        Assert.Equal([false, true, true, true], windows[0].Scored);
        Assert.Equal([3, 4, 5, 6], windows[1].Sequence.Ids);
        Assert.Equal([false, true, true, true], windows[1].Scored);
        Assert.Equal([4, 5, 6, 7], windows[2].Sequence.Ids);
        Assert.Equal([false, false, false, true], windows[2].Scored);
        Assert.Equal(3, windows.Count);
    }

    [Fact]
    public void Scores_every_token_exactly_once_in_order() => Prop.ForAll(
        ArbMap.Default.ArbFor<PositiveInt>(),
        ArbMap.Default.ArbFor<PositiveInt>(),
        (tokens, length) =>
        {
            int[] document = [.. Enumerable.Range(1, tokens.Get)];
            var windows = RollingWindows.Of(document, prefix: 0, length.Get).ToList();
            var scored = windows.SelectMany(window => window.Sequence.Ids.Where((_, i) => window.Scored[i]));
            return scored.SequenceEqual(document) && windows.TrueForAll(window => window.Sequence.Ids.Length <= length.Get + 1);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("two words", 2)]
    [InlineData(" leading and trailing ", 5)]
    [InlineData("a\u001cb\u001fc", 3)]
    [InlineData("a \n\t b", 2)]
    [InlineData("", 1)]
    public void Counts_words_as_the_harness_splits_them(string text, int words) => Assert.Equal(words, Perplexity.Words(text));

    [Fact]
    public void Has_a_perplexity_whose_error_bar_comes_from_documents()
    {
        // r = 6 / 4; residuals 0.5, -0.5; sqrt(2 / 1 * 0.5) / 4
        Assert.Equal(0.25, StandardError.OfRatio([(3.5, 2), (2.5, 2)])!.Value, precision: 12);
        Assert.Null(StandardError.OfRatio([(1, 1)]));
    }
}
