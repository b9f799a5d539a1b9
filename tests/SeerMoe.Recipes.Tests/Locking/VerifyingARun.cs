using SeerMoe.Recipes.Locking;
using SeerMoe.Testing;

namespace SeerMoe.Recipes.Tests.Locking;

public sealed class VerifyingARun : IDisposable
{
    private readonly TemporaryFolder _run = new();

    public VerifyingARun()
    {
        var frozen = new FrozenRecipe(new Recipe("a", 17, "m", [], []));
        Directory.CreateDirectory(_run["1-count"]);
        _run.Write("1-count/statistics.json", "{}\n");
        _run.Write("1-count/statistics.safetensors", "weights");
        _run.Write(FrozenRecipe.Name, frozen.Text);
        _run.Write("events.jsonl", "{}\n");
        _run.Write("report.html", "<html/>");
        var outputs = HashedFile.Below(_run["1-count"], _run.Path);
        LockFile.Write(_run.Path, new RunLock(frozen.Digest, 17, new EnvironmentInfo("1", "1", "1", "1", "cpu", "float32"), [], [new StageLock("count", "key", [], [], [.. outputs])]));
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
    }

    [Fact]
    public void Refuses_a_run_without_a_lock()
    {
        File.Delete(_run[LockFile.Name]);

        Assert.Equal("A run without a lock did not finish.", Assert.Throws<InputException>(() => RunVerifier.Verify(_run.Path)).What);
    }
}
