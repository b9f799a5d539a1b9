using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;
using SeerMoe.Testing;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Tests.Running;

public sealed class WhenARunIsResumed : IDisposable
{
    private readonly TinyProject _project = new();

    // So that every step is kept: other tests that run beside this one only get slower by it.
    public WhenARunIsResumed() => Environment.SetEnvironmentVariable("SEER_SAVE_SECONDS", "0");

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Stopped_at_every_step_it_leaves_the_bytes_of_a_run_that_was_never_stopped()
    {
        var whole = Runner.Run(_project.Plan(), _project["whole"]).Folder;
        var stops = 0;
        RunOutcome? finished = null;
        while (finished is null)
        {
            try
            {
                finished = stops == 0 ? Runner.Run(_project.Plan(), _project["runs"], new StopsAt<Progress>(1)) : Runner.Resume(_project.Plan(), _project["runs"], new StopsAt<Progress>(1 + (stops / 8)));
            }
            catch (OperationCanceledException)
            {
                stops++;
            }
        }

        Assert.True(stops > 20, $"{stops} stops");
        Assert.Equal(Files(whole), Files(finished.Folder));
        foreach (var file in Files(whole).Where(file => file != RunEvents.Name))
        {
            Assert.True(File.ReadAllBytes(Path.Combine(whole, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(finished.Folder, file))), file);
        }

        Assert.Equal([finished.Folder], Directory.GetDirectories(_project["runs/tiny"]));
    }

    [Theory]
    [InlineData("regularize.steps=4", "regularize.steps was 3, now 4")]
    [InlineData("count.tokens=60", "count.tokens was absent, now 60")]
    [InlineData("prune.criterion=actual", "prune.criterion was soft, now actual")]
    [InlineData("evaluate.tasks=[tokens]", "evaluate.tasks was [\"tokens\",\"facts\"], now [\"tokens\"]")]
    [InlineData("seed=18", "seed was 17, now 18")]
    [InlineData("threads=2", "threads was 8, now 2")]
    public void Under_another_option_it_is_refused_with_the_field_and_both_values(string option, string changed)
    {
        Stop();

        Refused(() => Runner.Resume(_project.Plan(option), _project["runs"]), changed);
    }

    [Fact]
    public void Under_other_bytes_of_an_input_it_is_refused_with_both_digests()
    {
        Stop();
        var before = _project.Plan().Inputs.Single(input => input.File.Path == "data/text.txt").File.Sha256;
        File.AppendAllText(_project["data/text.txt"], "more");

        Refused(() => Runner.Resume(_project.Plan(), _project["runs"]), $"input data/text.txt was sha256 {before}, now sha256 ");
    }

    [Fact]
    public void Under_other_versions_or_another_device_it_is_refused()
    {
        Stop();
        var plan = _project.Plan();

        Refused(() => Runner.Resume(plan with { Environment = plan.Environment with { Libtorch = "9.9" } }, _project["runs"]), $"environment.libtorch was {plan.Environment.Libtorch}, now 9.9");
        Refused(() => Runner.Resume(plan with { Environment = plan.Environment with { Device = "cuda" } }, _project["runs"]), "environment.device was cpu, now cuda");
    }

    [Fact]
    public void A_finished_run_leaves_nothing_to_resume()
    {
        Runner.Run(_project.Plan(), _project["runs"]);

        Assert.StartsWith("There is no unfinished run of 'tiny'", Assert.Throws<InputException>(() => Runner.Resume(_project.Plan(), _project["runs"])).What, StringComparison.Ordinal);
    }

    [Fact]
    public void While_another_process_is_at_work_on_it_it_is_refused()
    {
        Stop();
        using var other = new FileStream(_project["runs/tiny/1/.unfinished/lock"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal("Another process is at work on this run.", Assert.Throws<InputException>(() => Runner.Resume(_project.Plan(), _project["runs"])).What);
    }

    [Fact]
    public void What_was_half_written_is_thrown_away_with_what_is_half_written_in_it()
    {
        Stop();
        var checkpoint = _project[$"runs/tiny/1/.unfinished/3-regularize/work/.checkpoint.{Guid.NewGuid():N}.partial"];
        Directory.CreateDirectory(checkpoint);
        File.WriteAllText(AtomicFile.TemporaryName(Path.Combine(checkpoint, "model.safetensors")), "half");
        Runner.Resume(_project.Plan(), _project["runs"]);

        Assert.Empty(RunVerifier.Verify(_project["runs/tiny/1"]).Findings);
    }

    [Fact]
    public void A_stage_that_was_edited_meanwhile_is_done_again()
    {
        Stop();
        var statistics = _project["runs/tiny/1/1-count/statistics.json"];
        var before = File.ReadAllText(statistics);
        File.AppendAllText(statistics, " ");
        Runner.Resume(_project.Plan(), _project["runs"]);

        Assert.Equal(before, File.ReadAllText(statistics));
        Assert.Empty(RunVerifier.Verify(_project["runs/tiny/1"]).Findings);
    }

    [Fact]
    public void The_newest_unfinished_one_goes_on()
    {
        Stop();
        Runner.Run(_project.Plan("evaluate.limit=2"), _project["runs"]);

        Assert.Equal(_project["runs/tiny/1"], Runner.Resume(_project.Plan(), _project["runs"]).Folder);
    }

    [Fact]
    public void A_run_that_is_begun_anew_beside_an_unfinished_one_reuses_what_that_one_did()
    {
        Stop();
        var second = Runner.Run(_project.Plan(), _project["runs"]);

        Assert.Equal(_project["runs/tiny/2"], second.Folder);
        Assert.Equal(["count", "prune"], second.Reused.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>In the second step of the training.</summary>
    private void Stop()
    {
        Assert.Throws<OperationCanceledException>(() => Runner.Run(_project.Plan(), _project["runs"], new StopsAt<Progress>(2, value => value.What.StartsWith("3-regularize", StringComparison.Ordinal))));
        Assert.True(Directory.Exists(_project["runs/tiny/1/.unfinished/3-regularize"]));
    }

    private static void Refused(Action resume, string changed) => Assert.Contains(changed, Assert.Throws<InputException>(resume).What, StringComparison.Ordinal);

    private static List<string> Files(string folder) => [.. HashedFile.Below(folder, folder).Select(file => file.Path)];
}
