using SeerMoe.Recipes.Planning;
using SeerMoe.Torch.Streaming;

namespace SeerMoe.Recipes.Tests.Planning;

public sealed class ARunThatDoesNotFit : IDisposable
{
    private readonly TinyProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void In_memory_is_refused_with_the_first_stage_that_takes_more()
    {
        var refused = Assert.Throws<InputException>(() => RunLimits.Refuse(Plan(1 << 20), _project["runs"], _ => false));

        Assert.StartsWith("1-count takes about 0.", refused.What, StringComparison.Ordinal);
        Assert.EndsWith("although its layers are streamed.", refused.What, StringComparison.Ordinal);
        Assert.Equal("--memory 0", refused.Where);
    }

    [Fact]
    public void Fits_where_its_layers_can_be_streamed()
    {
        var plan = Plan(memory: null);
        var (count, regularize) = (plan.Stages[0].Cost, plan.Stages[2].Cost);
        var streamed = Plan(count.MemoryBytes - 1).Stages[0].Cost;

        Assert.Equal((Residence.Resident, Residence.Streamed), (count.Residence, streamed.Residence));
        Assert.True(streamed.MemoryBytes < count.MemoryBytes);
        RunLimits.Refuse(plan, _project["runs"], _ => false);
        Assert.Contains("Training can not be streamed", Assert.Throws<InputException>(() => RunLimits.Refuse(Plan(regularize.MemoryBytes - 1), _project["runs"], _ => false)).WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void Fits_where_it_was_done_before() => RunLimits.Refuse(Plan(1 << 20), _project["runs"], _ => true);

    [Fact]
    public void On_the_disk_is_refused_with_what_is_free()
    {
        var plan = Plan(memory: null);
        var large = plan with { Stages = [.. plan.Stages.Select(stage => stage with { Cost = stage.Cost with { DiskBytes = 1L << 50 } })] };

        var refused = Assert.Throws<InputException>(() => RunLimits.Refuse(large, _project["runs"], _ => false));

        Assert.StartsWith("The run writes about 4194304 GiB, ", refused.What, StringComparison.Ordinal);
        Assert.Equal(_project["runs"], refused.Where);
        Assert.Contains("--output", refused.WhatToDo, StringComparison.Ordinal);
    }

    private RunPlan Plan(long? memory) => RunPlanner.Plan(_project.Load(), TinyProject.Cpu with { MemoryBytes = memory });
}
