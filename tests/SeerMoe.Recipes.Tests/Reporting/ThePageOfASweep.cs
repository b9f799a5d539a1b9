using SeerMoe.Recipes.Reporting;
using SeerMoe.Recipes.Tests.Sweeps;

namespace SeerMoe.Recipes.Tests.Reporting;

public sealed class ThePageOfASweep : IDisposable
{
    private readonly TinySweep _sweep = new();

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public void Draws_the_front_and_leads_to_every_point()
    {
        var plan = _sweep.Plan();
        var folder = _sweep.Create(plan);
        var page = File.ReadAllText(ReportFile.Write(folder, TinySweep.Run(folder, plan)));

        Assert.Contains("perplexity against bytes", page, StringComparison.Ordinal);
        Assert.All(plan.Points, point => Assert.Contains($"<a href=\"points/{point.Name}/report.html\">", page, StringComparison.Ordinal));
        Assert.Equal(page, ReportFile.PageOf(folder.Path));

        Chromium.Path();
        foreach (var width in (int[])[360, 1280])
        {
            var rendered = Chromium.Render(folder.PathOf(ReportFile.Name), width, Directory.CreateDirectory(_sweep[$"browser-{width}"]).FullName);
            Assert.Empty(rendered.Console);
            Assert.Equal((0, 2), (rendered.Measured.Overflow, rendered.Measured.Figures));
            Assert.Empty(rendered.Measured.Beyond);
            Assert.Empty(rendered.Measured.Empty);
            Assert.Empty(rendered.Measured.Outside);
        }
    }

    [Fact]
    public void Stands_beside_no_other()
    {
        var plan = _sweep.Plan();
        var folder = _sweep.Create(plan);

        Assert.Contains("points/", Assert.Throws<InputException>(() => ReportFile.PageOf(folder.Path, folder.Path)).WhatToDo, StringComparison.Ordinal);
    }
}
