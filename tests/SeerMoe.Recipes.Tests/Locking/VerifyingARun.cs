using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Testing;

namespace SeerMoe.Recipes.Tests.Locking;

public sealed class VerifyingARun : IDisposable
{
    private readonly TemporaryFolder _run = new();

    public VerifyingARun()
    {
        var recipe = new Recipe("a", 17, "m", [new DataSource("text", "text.txt")], [new CountStep("text")]);
        var frozen = new FrozenRecipe(recipe);
        Directory.CreateDirectory(_run["1-count"]);
        _run.Write("1-count/statistics.json", "{}\n");
        _run.Write("1-count/statistics.safetensors", "weights");
        _run.Write(FrozenRecipe.Name, frozen.Text);
        _run.Write("events.jsonl", "{}\n");
        _run.Write("report.html", "<html/>");
        var outputs = HashedFile.Below(_run["1-count"], _run.Path);
        var environment = new EnvironmentInfo("1", "1", "1", "1", "cpu", "float32");
        var options = StageOptions.Of(recipe, recipe.Stages[0]);
        StageInput[] read = [new StageInput("model/config.json", "aa"), new StageInput("data/text", "bb")];
        var stage = new StageLock("count", StageKey.Of("count", options, read, environment), options, [.. read], [.. outputs]);
        LockFile.Write(_run.Path, new RunLock(frozen.Digest, 17, environment, [new HashedFile("m/config.json", 1, "aa"), new HashedFile("text.txt", 1, "bb")], [stage]));
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Finds_nothing_in_an_untouched_run()
    {
        var verification = RunVerifier.Verify(_run.Path);

        Assert.Empty(verification.Findings);
        Assert.Equal(3, verification.Files);
        Assert.False(verification.Differs);
    }

    [Fact]
    public void Names_a_file_in_which_one_bit_differs_and_both_hashes()
    {
        _run.Write("1-count/statistics.safetensors", "weighus");

        var verification = RunVerifier.Verify(_run.Path);

        Assert.True(verification.Differs);
        Assert.Equal(
            """
            changed: 1-count/statistics.safetensors
              locked 7 bytes, sha256 9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c
              found  7 bytes, sha256 c8de8638641ded0f01df158e39d94621ea4bb460b6f5ad8d29d261be9498c39c
            """,
            Assert.Single(verification.Findings).ToString());
    }

    [Fact]
    public void Names_a_file_that_is_missing()
    {
        File.Delete(_run["1-count/statistics.json"]);

        var verification = RunVerifier.Verify(_run.Path);

        Assert.True(verification.Differs);
        Assert.StartsWith("missing: 1-count/statistics.json\n  locked 3 bytes, sha256 ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356", Assert.Single(verification.Findings).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_warns_of_a_file_that_no_stage_wrote()
    {
        _run.Write("1-count/notes.txt", "mine");

        var verification = RunVerifier.Verify(_run.Path);

        Assert.False(verification.Differs);
        Assert.Equal(FindingKind.Extra, Assert.Single(verification.Findings).Kind);
    }

    [Fact]
    public void Notices_a_change_of_the_recipe()
    {
        File.AppendAllText(_run[FrozenRecipe.Name], "# more\n");

        var finding = Assert.Single(RunVerifier.Verify(_run.Path).Findings);

        Assert.Equal((FindingKind.Changed, FrozenRecipe.Name), (finding.Kind, finding.Path));
        Assert.DoesNotContain("bytes", finding.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"name\": \"a\"", "\"name\": \"b\"", "contradiction: seer.lock.json, recipe.name\n  locked b\n  recipe.yaml says a")]
    [InlineData("\"seed\": 17", "\"seed\": 18", "contradiction: seer.lock.json, seed\n  locked 18\n  recipe.yaml says 17")]
    [InlineData("\"dtype\": \"float32\"", "\"dtype\": \"bfloat16\"", "contradiction: seer.lock.json, stages[0].key")]
    [InlineData("\"batch\": 8", "\"batch\": 9", "contradiction: seer.lock.json, stages[0].options")]
    [InlineData("\"name\": \"model/config.json\"", "\"name\": \"model/other.json\"", "contradiction: seer.lock.json, stages[0].key")]
    [InlineData("\"path\": \"text.txt\",\n      \"bytes\": 1,\n      \"sha256\": \"bb\"", "\"path\": \"text.txt\",\n      \"bytes\": 1,\n      \"sha256\": \"cc\"", "contradiction: seer.lock.json, stages[0].inputs[1]")]
    public void Names_a_value_of_the_lock_that_does_not_follow(string value, string other, string finding)
    {
        var text = File.ReadAllText(_run[LockFile.Name]);
        Assert.Contains(value, text, StringComparison.Ordinal);
        _run.Write(LockFile.Name, text.Replace(value, other, StringComparison.Ordinal));

        var verification = RunVerifier.Verify(_run.Path);

        Assert.True(verification.Differs);
        Assert.Contains(verification.Findings, found => found.ToString().StartsWith(finding, StringComparison.Ordinal));
    }

    [Fact]
    public void Stops_when_it_is_interrupted() =>
        Assert.Throws<OperationCanceledException>(() => RunVerifier.Verify(_run.Path, new CancellationToken(canceled: true)));

    [Fact]
    public void Refuses_a_run_without_a_lock()
    {
        File.Delete(_run[LockFile.Name]);

        Assert.Equal("A run without a lock did not finish.", Assert.Throws<InputException>(() => RunVerifier.Verify(_run.Path)).What);
    }
}
