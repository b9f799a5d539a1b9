using SeerMoe.Recipes.Reporting;

namespace SeerMoe.Recipes.Tests.Reporting;

public class TheNamesOfRuns
{
    [Theory]
    [InlineData("/r/quick/1 /r/quick/2", "quick/1 quick/2")]
    [InlineData("/a/r/quick/1 /b/r/quick/1", "a/r/quick/1 b/r/quick/1")]
    [InlineData("/r/quick/1 /r/quick/1/", "quick/1 quick/1 (2)")]
    [InlineData("/r/ratios/1/points/001 /r/ratios/2/points/001", "1/points/001 2/points/001")]
    public void Are_the_ends_of_their_paths_that_tell_them_apart(string folders, string names) =>
        Assert.Equal(names, string.Join(' ', RunNames.Of(folders.Split(' '))));
}
