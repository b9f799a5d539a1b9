using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Reporting;
using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Tests.Reporting;

public sealed class ThePageOfARun : IDisposable
{
    private readonly TinyProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Looks_as_it_should_in_a_browser_at_every_width_light_and_dark()
    {
        Chromium.Path();
        var run = Runner.Run(_project.Plan(), _project["runs"]).Folder;
        var page = Path.Combine(run, ReportFile.Name);
        var backgrounds = new List<string>();
        foreach (var (width, isDark) in new[] { (360, false), (1280, false), (1280, true) })
        {
            var rendered = Chromium.Render(page, width, Directory.CreateDirectory(_project[$"browser-{width}-{isDark}"]).FullName, isDark);

            Assert.Empty(rendered.Console);
            var measured = rendered.Measured;
            Assert.Equal((0, 0, 9), (measured.Overflow, measured.Scripts, measured.Figures));
            Assert.Empty(measured.Loaded);
            Assert.Empty(measured.Beyond);
            Assert.Empty(measured.Empty);
            Assert.Empty(measured.Outside);
            Assert.True(measured.Smallest >= 8.5, $"letters of {measured.Smallest} pixels at {width}");
            backgrounds.Add(measured.Background);
        }

        Assert.Equal(backgrounds[0], backgrounds[1]);
        Assert.NotEqual(backgrounds[1], backgrounds[2]);
    }

    [Fact]
    public void Tells_every_part_and_asks_for_nothing_from_elsewhere()
    {
        var page = File.ReadAllText(Path.Combine(Runner.Run(_project.Plan(), _project["runs"]).Folder, ReportFile.Name));

        Assert.All((string[])["<h2>What was run", "<h2>Results", "<h2>Experts", "<h2>Routing", "<h2>Training", "<h2>Proof"], part => Assert.Contains(part, page, StringComparison.Ordinal));
        Assert.Contains("at the end of the training", page, StringComparison.Ordinal);
        Assert.Contains("top-K goes from 2 to 1", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http:", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https:", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_project["runs"], page, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_the_same_when_it_is_made_anew()
    {
        var run = Runner.Run(_project.Plan(), _project["runs"]).Folder;
        var path = Path.Combine(run, ReportFile.Name);
        var before = File.ReadAllBytes(path);
        File.Delete(path);

        Assert.Equal(path, ReportFile.Refresh(run));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Empty(RunVerifier.Verify(run).Findings);
    }

    [Fact]
    public void Vouches_for_no_file_that_was_changed()
    {
        var run = Runner.Run(_project.Plan(), _project["runs"]).Folder;
        File.AppendAllText(Path.Combine(run, "4-evaluate/evaluation.json"), " ");

        var error = Assert.Throws<InputException>(() => ReportFile.Refresh(run));
        Assert.Contains("evaluation.json", error.Where, StringComparison.Ordinal);
        Assert.Contains("verify", error.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_somebody_else_is_never_written_over()
    {
        var run = Runner.Run(_project.Plan(), _project["runs"]).Folder;
        var path = Path.Combine(run, ReportFile.Name);
        File.WriteAllText(path, "<html>mine</html>");

        Assert.Throws<InputException>(() => ReportFile.Refresh(run));
        Assert.Equal("<html>mine</html>", File.ReadAllText(path));
    }

    [Fact]
    public void Beside_another_says_what_differs()
    {
        var first = Runner.Run(_project.Plan(), _project["runs"]).Folder;
        var second = Runner.Run(_project.Plan("prune.criterion=actual"), _project["runs"]).Folder;

        var page = ReportFile.PageOf(first, second);

        Assert.Contains("<title>tiny/1, tiny/2: dotnet seer</title>", page, StringComparison.Ordinal);
        Assert.Contains("<code>prune.criterion</code></th><td data-of=\"tiny/1\"><code>soft</code></td><td data-of=\"tiny/2\"><code>actual</code></td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<code>seed</code>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_recipe_that_only_counts_has_no_results()
    {
        var run = Runner.Run(_project.PlanOf("name: tiny\nmodel: model\ndata: { counted: { path: data/counted.jsonl, format: tokens } }\nstages: [count: { data: counted }]\n"), _project["runs"]).Folder;
        var page = File.ReadAllText(Path.Combine(run, ReportFile.Name));

        Assert.Contains("Tokens routed", page, StringComparison.Ordinal);
        Assert.Contains("nothing was evaluated", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<h2>Results", page, StringComparison.Ordinal);
        Assert.DoesNotContain("struck through", page, StringComparison.Ordinal);
    }
}
