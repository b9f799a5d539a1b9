using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Testing;
using SeerMoe.Tests.Experts;

namespace SeerMoe.Tests.Pruning;

public sealed class WhenStatisticsAreOfAnotherCheckpoint : IDisposable
{
    private static readonly ExpertStatistics Fitting = SomeStatistics.WithSoft(2, [1, 2, 3, 4], [1, 2, 3, 4]);

    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;

    public WhenStatisticsAreOfAnotherCheckpoint() => _checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));

    public void Dispose()
    {
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Those_of_this_one_are_taken() => Check(Fitting with { Checkpoint = CheckpointDigest.Of(_checkpoint) });

    [Fact]
    public void Those_without_a_fingerprint_are_taken_when_the_shape_fits() => Check(Fitting);

    [Fact]
    public void Other_bytes_are_refused() => AssertRefused("another checkpoint of the same shape", Fitting with { Checkpoint = "c0ffee" });

    [Fact]
    public void Another_family_is_refused() => AssertRefused("The statistics are of a 'olmoe', the checkpoint is a 'mixtral'.", Fitting with { Architecture = "olmoe" });

    [Fact]
    public void Other_layers_are_refused() => AssertRefused("cover layers 0, the checkpoint has experts in layers 0 1", Fitting with { Layers = Fitting.Layers[..1] });

    [Fact]
    public void Another_number_of_experts_is_refused() =>
        AssertRefused("count 3 experts in layer 1, the checkpoint has 4", SomeStatistics.WithSoft(2, [1, 2, 3, 4], [1, 2, 3]));

    [Fact]
    public void Another_top_k_is_refused() => AssertRefused("counted at top-1, the checkpoint routes at top-2", Fitting with { TopK = 1 });

    private void Check(ExpertStatistics statistics) => PruneChecks.RefuseOtherCheckpoint(statistics, _checkpoint, "statistics.json");

    private void AssertRefused(string what, ExpertStatistics statistics)
    {
        var error = Assert.Throws<InputException>(() => Check(statistics));

        Assert.Contains(what, error.What, StringComparison.Ordinal);
        Assert.Equal("statistics.json", error.Where);
    }
}
