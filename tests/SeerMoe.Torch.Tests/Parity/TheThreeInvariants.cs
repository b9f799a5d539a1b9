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
    public static TheoryData<string> PrunedCases => ForwardPassOfTheFixtures.PrunedCases;

    [Theory]
    [MemberData(nameof(PrunedCases))]
    public void A_pruned_checkpoint_gives_the_reference_logits_and_equals_the_masked_original(string caseName)
    {
        using var oracle = new Oracle("mixtral");
        using var folder = new TemporaryFolder();
        CheckpointPruner.Prune(oracle.Checkpoint, oracle.Plan(caseName), folder["pruned"]);
        using var checkpoint = Checkpoint.Open(folder["pruned"]);
        using var pruned = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var masked = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32, mask: oracle.Plan(caseName));
        using var streamed = MoeTransformer.Load(checkpoint, Oracle.Float32, residence: Residence.Streamed);
        using var batch = TokenBatch.Of(oracle.Sequences(caseName), CPU);

        var logits = ForwardPass.Logits(pruned, batch);
        Close.Absolute(oracle.Tensor($"{caseName}.logits"), logits, oracle.Tolerance("logits_atol"));
        Close.Absolute(ForwardPass.Logits(masked, batch), logits, 1e-5);
        Assert.Equal(0, Close.Difference(ForwardPass.Logits(streamed, batch), logits));
    }

    [Fact]
    public void A_plan_that_drops_nothing_rewrites_identical_bytes()
    {
        using var oracle = new Oracle("mixtral_v5cfg_bf16");
        using var folder = new TemporaryFolder();
        CheckpointPruner.Prune(oracle.Checkpoint, new PrunePlan(null, null, null, null, null, []), folder["same"]);

        foreach (var name in (string[])["config.json", "model.safetensors"])
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(oracle.Folder, name)), File.ReadAllBytes(Path.Combine(folder["same"], name)));
        }
    }
}
