using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Torch.Tests.Evaluation;

public class PairingAnswers
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(5, 17, 0.143463134765625)] // scipy.stats.binomtest(5, 17).pvalue
    [InlineData(0, 10, 0.001953125)]
    [InlineData(8, 16, 1)]
    [InlineData(930, 2000, 0.0018755785845971753)] // sum of math.comb(2000, k) for k up to 930, doubled, by 2 ** 2000
    public void The_p_value_is_that_of_the_exact_test(int fewer, int discordant, double p) =>
        Assert.Equal(p, Binomial.TwoSided(fewer, discordant), 1e-10);

    [Fact]
    public void Only_what_one_of_them_gets_right_counts()
    {
        var ofBase = new Answers([0, 1, 2, 3, 1], [true, true, false, false, false]);
        var own = new Answers([0, 2, 2, 1, 0], [true, false, false, false, true]);

        Assert.Equal(new PairedAnswers(5, Changed: 3, OnlyBaseRight: 1, OnlyThisRight: 1), own.Beside(ofBase));
        Assert.Equal(0.6, own.Beside(ofBase).ChangedShare);
        Assert.Equal(1, own.Beside(ofBase).PValue);
    }

    [Fact]
    public void Subjects_are_tested_together() =>
        Assert.Equal(new PairedAnswers(30, 6, 4, 1), PairedAnswers.Sum([new PairedAnswers(10, 1, 1, 0), new PairedAnswers(20, 5, 3, 1)]));
}
