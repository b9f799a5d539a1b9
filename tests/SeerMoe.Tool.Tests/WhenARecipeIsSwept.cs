using System.Text.Json.Nodes;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public sealed class WhenARecipeIsSwept : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_closes_with_one_table_of_all_points()
    {
        var sweep = Sweep("--over", "prune.ratio=0.25,0.5", "--over", "regularize.steps=1,2", "--jobs", "2");

        Assert.True(sweep.ExitCode == 0, sweep.Error + sweep.Output);
        var lines = sweep.Output.Split('\n');
        Assert.Equal(
            ["prune.ratio", "regularize.steps", "lines, perplexity", "random prune", "parameters", "bytes"],
            lines[0].Trim('|').Split('|').Select(cell => cell.Trim()));
        Assert.Equal(["full model", "0.25", "0.25", "0.5", "0.5"], lines[2..7].Select(line => line.Split('|')[1].Trim()));
        Assert.Contains(lines[3..7], line => line.Contains(" *", StringComparison.Ordinal));
        Assert.Equal($"sweep: {_folder["runs/tiny/1"]}", lines[^2]);
        Assert.Equal(0, Seer.Run("verify", _folder["runs/tiny/1/points/004"]).ExitCode);
        Assert.All(["sweep.csv", "sweep.md", "sweep.json"], name => Assert.True(File.Exists(_folder[$"runs/tiny/1/{name}"])));
    }

    [Fact]
    public void Run_does_the_same_with_a_recipe_that_has_a_sweep_and_plan_shows_its_points()
    {
        var recipe = TinyRecipe.Write(_folder);
        File.AppendAllText(recipe, "\nsweep:\n  prune.ratio: [0, 0.5]\n");
        var plan = Seer.Run("plan", recipe, "--device", "cpu");
        var json = JsonNode.Parse(Seer.Run("plan", recipe, "--device", "cpu", "--json").Output)!;
        var run = Seer.Run("run", recipe, "--device", "cpu", "--output", _folder["runs"], "--json", "--quiet");

        Assert.StartsWith("tiny: a sweep of 2 points, on cpu in float32\n\n001  prune.ratio=0\n", plan.Output, StringComparison.Ordinal);
        Assert.Equal(2, json["points"]!.AsArray().Count);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(File.ReadAllText(_folder["runs/tiny/1/sweep.json"]), run.Output);
        Assert.Equal("""["lines"]""", JsonNode.Parse(run.Output)!["points"]![1]!["front"]!.ToJsonString());
    }

    [Fact]
    public void A_point_can_be_run_by_any_scheduler_and_resume_makes_the_table()
    {
        Sweep("--over", "prune.ratio=0.25,0.5");
        Directory.Delete(_folder["runs/tiny/1/points/002"], recursive: true);

        Assert.Equal(0, Seer.Run("sweep", _folder["runs/tiny/1"], "--point", "2").ExitCode);
        var resumed = Sweep("--over", "prune.ratio=0.25,0.5", "--resume");
        Assert.Equal(0, resumed.ExitCode);
        Assert.EndsWith($"sweep: {_folder["runs/tiny/1"]}\n", resumed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_refused_in_three_lines()
    {
        Sweep().AssertRefused("Nothing is swept.", "tiny.yaml", "--over");
        Sweep("--over", "prune.ratio=0.5", "--resume").AssertRefused("There is no sweep of this recipe", "runs/tiny", "without --resume");
        Sweep("--over", "prune.ratio=0.5", "--executor", "slrum").AssertRefused("'slrum' is not one of the choices.", "--executor", "Did you mean 'slurm'?");
        Sweep("--over", "prune.ratio=0.5", "--sbatch", "--time=1").AssertRefused("Only Slurm has options of sbatch.", "--sbatch", "--executor slurm");
        Sweep("--over", "prune.ratio=0.5", "--executor", "slurm", "--sbatch", "rm -rf").AssertRefused("'rm -rf' is no option of sbatch.", "--sbatch", "one option");
        Seer.Run("sweep", _folder.Path).AssertRefused("A folder is no recipe.", _folder.Path, "--resume");
        Seer.Run("sweep", _folder.Path, "--resume").AssertRefused("The folder holds no launch.json.", _folder.Path, "folder of a sweep");
    }

    [Fact]
    public void Its_folder_is_resumed_as_it_began()
    {
        Sweep("--over", "prune.ratio=0.25");
        var folder = _folder["runs/tiny/1"];

        Seer.Run("sweep", folder, "--resume", "--dtype", "bfloat16").AssertRefused("began on cpu in float32", folder, "a sweep of its own");
        Seer.Run("sweep", folder, "--point", "2").AssertRefused("The sweep has 1 points.", "--point 2", "from 1 to 1");
    }

    [Fact]
    public void Its_folder_keeps_what_memory_it_may_take_and_refuses_what_is_too_little()
    {
        Sweep("--over", "prune.ratio=0.25,0.5");
        var folder = _folder["runs/tiny/1"];
        string Launch() => File.ReadAllText(Path.Combine(folder, "launch.json"));
        Directory.Delete(Path.Combine(folder, "points/002"), recursive: true);

        Seer.Run("sweep", folder, "--resume", "--memory", "0.0001").AssertRefused(" takes about ", "--memory 0", "smaller batch or window");
        Seer.Run("sweep", folder, "--point", "2", "--memory", "0.0001").AssertRefused(" takes about ", "--memory 0", "smaller batch or window");
        Assert.DoesNotContain("memory_bytes", Launch(), StringComparison.Ordinal);

        Assert.Equal(0, Seer.Run("sweep", folder, "--resume", "--memory", "8").ExitCode);
        Assert.Equal(0, Sweep("--over", "prune.ratio=0.25,0.5", "--resume").ExitCode);
        Assert.Equal(8L << 30, (long)JsonNode.Parse(Launch())!["memory_bytes"]!);
    }

    private Seer Sweep(params string[] options) =>
        Seer.Run(["sweep", TinyRecipe.Write(_folder), "--device", "cpu", "--output", _folder["runs"], .. options]);
}
