using SeerMoe.Torch.Training;

namespace SeerMoe.Torch.Tests.Training;

public class AnnealingTopK
{
    [Theory]
    [InlineData(0.5, 4, "2 2 1 1")]
    [InlineData(0.5, 5, "2 2 2 1 1")]
    [InlineData(0.0, 3, "1 1 1")]
    [InlineData(0.75, 4, "2 2 2 1")]
    public void Switches_after_its_share_of_the_steps(double at, int steps, string expected) => Assert.Equal(expected, Ks(at, steps));

    [Theory]
    [InlineData(1.0, 3, "2 2 1")]
    [InlineData(0.99, 4, "2 2 2 1")]
    [InlineData(0.5, 1, "1")]
    [InlineData(1.0, 1, "1")]
    public void Has_its_last_step_at_the_last_K_whatever_the_share(double at, int steps, string expected) => Assert.Equal(expected, Ks(at, steps));

    private static string Ks(double at, int steps) =>
        string.Join(' ', Enumerable.Range(0, steps).Select(step => new TopKSchedule(2, 1, at).KOf(step, steps)));
}
