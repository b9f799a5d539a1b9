using SeerMoe.Torch.Training;

namespace SeerMoe.Torch.Tests.Training;

public class AnnealingTopK
{
    [Theory]
    [InlineData(0.5, 4, "2 2 1 1")]
    [InlineData(0.5, 5, "2 2 2 1 1")]
    [InlineData(0.0, 3, "1 1 1")]
    [InlineData(0.75, 4, "2 2 2 1")]
    public void Switches_after_its_share_of_the_steps(double at, int steps, string expected) => Assert.Equal(expected, Ks(new TopKSchedule(2, 1, at), steps));

    [Theory]
    [InlineData(1.0, 3, "2 2 1")]
    [InlineData(0.99, 4, "2 2 2 1")]
    [InlineData(0.5, 1, "1")]
    [InlineData(1.0, 1, "1")]
    public void Has_its_last_step_at_the_last_K_whatever_the_share(double at, int steps, string expected) => Assert.Equal(expected, Ks(new TopKSchedule(2, 1, at), steps));

    [Theory]
    [InlineData(4, 1, 0.5, 12, "4 4 3 3 2 2 1 1 1 1 1 1")]
    [InlineData(8, 4, 1.0, 8, "8 8 7 7 6 6 5 4")]
    [InlineData(2, 1, 0.5, 4, "2 2 1 1")]
    [InlineData(3, 3, 0.5, 4, "3 3 3 3")]
    public void Linear_and_ramp_let_one_expert_at_a_time_go(int from, int to, double at, int steps, string expected)
    {
        Assert.Equal(expected, Ks(new TopKSchedule(from, to, at, Annealing.Linear), steps));
        Assert.Equal(expected, Ks(new TopKSchedule(from, to, at, Annealing.Ramp), steps));
    }

    [Fact]
    public void Ramp_fades_each_expert_before_it_goes()
    {
        var ramp = new TopKSchedule(3, 1, 0.8, Annealing.Ramp);

        Assert.Equal("3:0 3:0.25 3:0.5 3:0.75 2:0 2:0.25 2:0.5 2:0.75 1:0 1:0", string.Join(' ', Enumerable.Range(0, 10).Select(step => $"{ramp.KOf(step, 10)}:{ramp.FadeOf(step, 10)}")));
    }

    [Fact]
    public void Step_and_linear_fade_nothing() =>
        Assert.All([Annealing.Step, Annealing.Linear], schedule => Assert.Equal(0, new TopKSchedule(4, 1, 0.5, schedule).FadeOf(3, 20)));

    private static string Ks(TopKSchedule schedule, int steps) => string.Join(' ', Enumerable.Range(0, steps).Select(step => schedule.KOf(step, steps)));
}
