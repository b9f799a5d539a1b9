using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Testing;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Parity;

/// <summary>A no-op plan rewrites identical bytes; pruned forward = masked forward; streamed = resident (ForwardPassOfTheFixtures).</summary>
public class TheThreeInvariants
{
    [Theory]
    [MemberData(nameof(Oracle.PrunedCases), MemberType = typeof(Oracle))]
    public void A_pruned_checkpoint_gives_the_reference_logits(string fixture, string caseName)
    {
        using var oracle = new Oracle(fixture);
        using var folder = new TemporaryFolder();
        CheckpointPruner.Prune(oracle.Checkpoint, oracle.Plan(caseName), folder["pruned"]);
        using var checkpoint = Checkpoint.Open(folder["pruned"]);
        using var pruned = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var streamed = MoeTransformer.Load(checkpoint, Oracle.Float32, residency: Residency.Streamed);
        using var batch = TokenBatch.Of(oracle.Sequences(caseName), CPU);

        var logits = ForwardPass.Logits(pruned, batch);
        Close.Absolute(oracle.Tensor($"{caseName}.logits"), logits, oracle.Tolerance("logits_atol"));
        Assert.Equal(0, Close.Difference(ForwardPass.Logits(streamed, batch), logits));
    }

    /// <summary>In every family, also those whose reference has no pruned case: half of the experts go, evenly in their groups.</summary>
    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Pruning_and_then_forwarding_equals_masking_the_routers_of_the_original(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var folder = new TemporaryFolder();
        var plan = HalfOf(oracle.Checkpoint);
        CheckpointPruner.Prune(oracle.Checkpoint, plan, folder["pruned"]);
        using var checkpoint = Checkpoint.Open(folder["pruned"]);
        using var pruned = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var masked = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32, mask: plan);
        using var whole = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        using var batch = TokenBatch.Of(oracle.Sequences("left_pad"), CPU);

        using var logits = ForwardPass.Logits(pruned, batch);
        Close.Absolute(ForwardPass.Logits(masked, batch), logits, 2e-5);
        Assert.True(Close.Difference(ForwardPass.Logits(whole, batch), logits) > 1e-3);
    }

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void A_plan_that_drops_nothing_rewrites_identical_bytes(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var folder = new TemporaryFolder();
        CheckpointPruner.Prune(oracle.Checkpoint, new PrunePlan(null, null, null, null, null, []), folder["same"]);

        foreach (var name in oracle.Checkpoint.Shards.Select(shard => shard.FileName).Append("config.json"))
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(oracle.Folder, name)), File.ReadAllBytes(Path.Combine(folder["same"], name)));
        }
    }

    /// <summary>The odd experts of every layer, and the even ones too where that leaves too few.</summary>
    private static PrunePlan HalfOf(Checkpoint checkpoint)
    {
        var shape = ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config);
        return new PrunePlan(null, null, null, null, null,
        [
            .. shape.MoeLayers.Select((layer, i) =>
            {
                var half = Enumerable.Range(0, shape.Experts[i]).Where(expert => expert % 2 == 1).ToList();
                return new LayerPlan(layer, null, half.Count >= shape.LeastExperts ? [.. half] : [.. Enumerable.Range(0, shape.Experts[i]).Where(expert => expert % 4 > 0)], null);
            }),
        ]);
    }
}
