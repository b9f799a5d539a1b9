using System.Text.Json.Nodes;
using SeerMoe.Recipes.Running;
using SeerMoe.Testing;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Tests.Running;

public sealed class WhatAStageNotices : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Stands_in_the_events_and_is_told()
    {
        var told = new Told();
        var progress = new NoticeEvents(new RunEvents(_folder.Path), "count", told);

        progress.Report(new Progress("tokens counted", 1, 2));
        progress.Report(new Progress("tokens counted", 1, 2) { Notice = "Memory ran out." });

        var noticed = JsonNode.Parse(Assert.Single(File.ReadLines(_folder[RunEvents.Name])))!;
        Assert.Equal(("noticed", "count", "Memory ran out."), ((string?)noticed["event"], (string?)noticed["stage"], (string?)noticed["notice"]));
        Assert.Equal([null, "Memory ran out."], told.Notices);
    }

    private sealed class Told : IProgress<Progress>
    {
        public List<string?> Notices { get; } = [];

        public void Report(Progress value) => Notices.Add(value.Notice);
    }
}
