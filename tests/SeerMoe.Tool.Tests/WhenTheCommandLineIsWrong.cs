using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public class WhenTheCommandLineIsWrong
{
    [Fact]
    public void An_unknown_command_is_refused_with_the_nearest_one() =>
        Seer.Run("coutn").AssertRefused("'coutn'", "dotnet seer", "Did you mean 'count'?");

    [Fact]
    public void An_unknown_option_is_refused_with_the_nearest_one() =>
        Seer.Run("count", "--modle", "x").AssertRefused("'--modle'", "dotnet seer count", "Did you mean '--model'?");

    [Fact]
    public void A_missing_option_is_named() =>
        Seer.Run("count", "--data", "x", "--output", "y").AssertRefused("--model is missing.", "dotnet seer count", "'dotnet seer count --help'");

    [Theory]
    [InlineData("--plan", "prune", "--model", "m", "--output", "o", "--plan", "")]
    [InlineData("--statistics", "prune", "--model", "m", "--output", "o", "--statistics", "")]
    [InlineData("--plan", "evaluate", "--model", "m", "--task", "perplexity", "--data", "d", "--output", "o", "--plan", "")]
    [InlineData("--model", "count", "--model", "", "--data", "d", "--output", "o")]
    [InlineData("--output", "run", "recipe.yaml", "--output", "")]
    [InlineData("--device", "plan", "recipe.yaml", "--device", "")]
    [InlineData("PATH", "inspect", "")]
    [InlineData("STATISTICS", "merge-statistics", "counts", "", "--output", "o")]
    public void An_empty_value_is_refused_by_name(string name, params string[] args) =>
        Seer.Run(args).AssertRefused($"{name} is empty.", $"dotnet seer {args[0]}", "leave it out");

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public void A_learning_rate_is_above_zero(string rate) =>
        Seer.Run("regularize", "--model", "m", "--train", "t", "--output", "o", "--learning-rate", rate).AssertRefused("--learning-rate must be above 0.", "dotnet seer regularize", "--help");

    [Fact]
    public void A_decimal_comma_is_not_taken_for_a_thousands_separator() =>
        Seer.Run("prune", "--model", "m", "--output", "o", "--ratio", "0,25").AssertRefused("'0,25' is not a number", "dotnet seer prune", "--help");

    [Fact]
    public void A_count_below_one_is_refused() =>
        Seer.Run("count", "--model", "m", "--data", "d", "--output", "o", "--batch", "0").AssertRefused("--batch must be at least 1.", "dotnet seer count", "--help");

    [Fact]
    public void An_unknown_word_of_a_choice_is_refused_with_the_nearest_one()
    {
        using var folder = new TemporaryFolder();
        var checkpoint = Fixtures.Folder("mixtral");
        var data = folder.Write("text.txt", "words");
        Seer.Run("count", "--model", checkpoint, "--data", data, "--format", "token", "--output", folder["out"])
            .AssertRefused("'token'", "--format", "Did you mean 'tokens'?");
    }

    [Theory]
    [InlineData("1:2")]
    [InlineData("2:0")]
    [InlineData("2")]
    [InlineData("two:one")]
    public void A_range_of_top_k_does_not_ascend(string range)
    {
        using var folder = new TemporaryFolder();
        var checkpoint = Fixtures.Folder("mixtral");
        var data = folder.Write("text.txt", "words");
        Seer.Run("regularize", "--model", checkpoint, "--train", data, "--top-k", range, "--output", folder["out"])
            .AssertRefused($"'{range}'", "--top-k", "FROM:TO");
    }

    [Fact]
    public void A_checkpoint_that_is_not_there_is_named_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        Seer.Run("count", "--model", folder["absent"], "--data", folder["absent.txt"], "--output", folder["deep/out"])
            .AssertRefused("no such checkpoint", folder["absent"], "config.json");
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_output_that_can_not_be_made_is_the_users_to_mend()
    {
        using var folder = new TemporaryFolder();
        var checkpoint = Fixtures.Folder("mixtral");
        var data = folder.Write("text.txt", "words");
        Seer.Run("count", "--model", checkpoint, "--data", data, "--output", Path.Combine(data, "below", "a-file"))
            .AssertRefused("text.txt", "the file system", "Check the path");
    }

    [Fact]
    public void An_output_that_is_there_is_refused_and_kept()
    {
        using var folder = new TemporaryFolder();
        var checkpoint = Fixtures.Folder("mixtral");
        var data = folder.Write("text.txt", "words");
        var output = folder.Write("out", "mine");
        Seer.Run("count", "--model", checkpoint, "--data", data, "--output", output).AssertRefused("there already", output, "--output");
        Assert.Equal("mine", File.ReadAllText(output));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }
}
