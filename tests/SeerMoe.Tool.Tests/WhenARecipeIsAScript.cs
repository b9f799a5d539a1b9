using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public sealed class WhenARecipeIsAScript : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_runs_to_the_lock_of_the_same_recipe_in_YAML()
    {
        Assert.Equal(0, Seer.Run("run", TinyRecipe.Write(_folder), "--device", "cpu", "--output", _folder["yaml"]).ExitCode);
        Assert.Equal(0, Seer.Run("run", TinyRecipe.WriteScript(_folder), "--trust", "--device", "cpu", "--output", _folder["csx"]).ExitCode);

        Assert.Equal(File.ReadAllText(_folder["yaml/tiny/1/seer.lock.json"]), File.ReadAllText(_folder["csx/tiny/1/seer.lock.json"]));
        Assert.Equal(File.ReadAllText(_folder["yaml/tiny/1/recipe.yaml"]), File.ReadAllText(_folder["csx/tiny/1/recipe.yaml"]));
        Assert.Equal(0, Seer.Run("verify", _folder["csx/tiny/1"]).ExitCode);
    }

    [Fact]
    public void It_does_not_run_before_the_user_has_agreed()
    {
        var script = _folder.Write("marks.csx", "File.WriteAllText(Path.Combine(Folder, \"ran\"), \"\");\n");

        Seer.Run("plan", script).AssertRefused("C# that runs with all your rights", script, "--trust");
        Seer.Run("run", script).AssertRefused("C# that runs with all your rights", script, "--trust");
        Seer.Run("sweep", script, "--over", "prune.ratio=0,0.5").AssertRefused("C# that runs with all your rights", script, "--trust");
        Assert.False(File.Exists(_folder["ran"]));
    }

    [Fact]
    public void It_is_agreed_to_once_and_again_when_anything_of_it_changes()
    {
        var script = TinyRecipe.WriteScript(_folder);
        var shared = _folder.Write("shared.csx", "// nothing yet\n");
        File.WriteAllText(script, $"#load \"shared.csx\"\n{File.ReadAllText(script)}");

        Assert.Equal(0, Seer.Run("plan", script, "--trust").ExitCode);
        Assert.Equal(0, Seer.Run("plan", script).ExitCode);

        File.AppendAllText(shared, "// another line\n");
        Seer.Run("plan", script).AssertRefused("was changed", script, "--trust");
    }

    [Fact]
    public void Its_plan_and_its_overrides_are_those_of_YAML()
    {
        string[] options = ["--device", "cpu", "--json", "--set", "prune.ratio=0.5", "--seed", "5"];

        Assert.Equal(Seer.Run(["plan", TinyRecipe.Write(_folder), .. options]).Output, Seer.Run(["plan", TinyRecipe.WriteScript(_folder), "--trust", .. options]).Output);
    }

    [Fact]
    public void Its_faults_look_like_those_of_YAML()
    {
        var script = TinyRecipe.WriteScript(_folder);
        File.WriteAllText(script, File.ReadAllText(script).Replace("ratio:", "ratoi:", StringComparison.Ordinal));
        var plan = Seer.Run("plan", script, "--trust");

        Assert.Equal((2, ""), (plan.ExitCode, plan.Output));
        Assert.Equal(
            $"""
            error: {script}(7,46): CS1739: The best overload for 'Prune' does not have a parameter named 'ratoi'
                Prune(criterion: "soft", scope: Scope.Layer, ratoi: 0.25);
                                                             ^^^^^
              Did you mean 'ratio'?

            """,
            plan.Error);
    }

    [Theory]
    [InlineData("by-condition")]
    [InlineData("custom-criterion")]
    [InlineData("shared-steps")]
    public void Every_example_can_be_planned(string name) =>
        Assert.Equal(0, Seer.Run("plan", Repository.Path("examples", "scripts", $"{name}.csx"), "--trust", "--device", "cpu").ExitCode);

    [Fact]
    public void The_example_with_a_criterion_of_its_own_runs()
    {
        var run = Seer.Run(
            "run", Repository.Path("examples", "scripts", "custom-criterion.csx"), "--trust", "--device", "cpu", "--output", _folder["runs"],
            "--set", "count.tokens=2048", "--set", "evaluate.limit=2");

        Assert.Equal(0, run.ExitCode);
        var plan = JsonNode.Parse(File.ReadAllText(_folder["runs/custom-criterion/1/2-prune/prune-plan.json"]))!;
        Assert.Equal("soft-norm", (string?)plan["criterion"]);
        Assert.Equal(0, Seer.Run("verify", _folder["runs/custom-criterion/1"]).ExitCode);
    }

    [Fact]
    public async Task Ctrl_C_ends_one_that_never_ends_with_130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a POSIX signal.");
        var script = _folder.Write("endless.csx", "File.WriteAllText(Path.Combine(Folder, \"started\"), \"\");\nwhile (true) { }\n");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var start = new ProcessStartInfo("dotnet", [typeof(SeerApp).Assembly.Location, "plan", script, "--trust"]) { UseShellExecute = false, RedirectStandardError = true };
        using var plan = Process.Start(start)!;
        while (!File.Exists(_folder["started"]))
        {
            await Task.Delay(50, patience.Token);
        }

        using (var kill = Process.Start("kill", ["-INT", plan.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(patience.Token);
        }

        await plan.WaitForExitAsync(patience.Token);
        Assert.Equal(130, plan.ExitCode);
    }
}
