using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Pruning;

public sealed class WhenACutIsRefused : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Source => _folder["source"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, new[] { 1 }, "Layer 0 keeps 1 of 4 experts, fewer than the 2 that every token is sent to (top-K).")]
    [InlineData(0, new[] { 1, 4 }, "There is no expert 4 in layer 0.")]
    [InlineData(0, new[] { -1, 2 }, "There is no expert -1 in layer 0.")]
    [InlineData(0, new[] { 2, 1 }, "The survivors of layer 0 do not ascend: 1 after 2.")]
    [InlineData(0, new[] { 1, 1 }, "Expert 1 of layer 0 survives twice.")]
    [InlineData(0, new int[0], "Layer 0 has no survivors.")]
    [InlineData(2, new[] { 0, 1 }, "There is no layer 2.")]
    [InlineData(-1, new[] { 0, 1 }, "There is no layer -1.")]
    public void A_plan_that_does_not_fit_leaves_nothing_behind(int layer, int[] survivors, string what)
    {
        PicoCheckpoint.Write(Source);

        AssertRefused(what, Plans.ByHand((layer, survivors)));
    }

    [Fact]
    public void A_plan_for_another_number_of_experts_leaves_nothing_behind()
    {
        PicoCheckpoint.Write(Source);

        AssertRefused(
            "The plan was made for 8 experts in layer 0, the checkpoint has 4.",
            new PrunePlan("soft", "layer", 0.5, null, 0, [new LayerPlan(0, 8, [0, 1], null)]));
    }

    [Fact]
    public void A_plan_for_a_dense_layer_is_refused()
    {
        var shape = new MoeShape(Layers: 3, MoeLayers: [1, 2], Experts: [4, 4], TopK: 2);

        var error = Assert.Throws<InputException>(() => PruneChecks.RefuseUnfit(Plans.ByHand((1, [0, 1]), (0, [0, 1])), shape, "plan.json"));

        Assert.Equal(("Layer 0 is dense: it has no experts.", "plan.json, layers[1]"), (error.What, error.Where));
    }

    [Fact]
    public void A_model_without_experts_leaves_nothing_behind()
    {
        PicoCheckpoint.Write(Source);
        var config = Path.Combine(Source, "config.json");
        File.WriteAllText(config, PicoCheckpoint.ConfigText().Replace("mixtral", "llama", StringComparison.Ordinal));

        AssertRefused("'llama' is not a Mixture-of-Experts family known here.", Plans.ByHand((0, [0, 1])));
    }

    [Theory]
    [InlineData(3, "'model.layers.0.block_sparse_moe.gate.weight' has the shape [4, 16], config.json asks for [3, 16].")]
    [InlineData(5, "'model.layers.0.block_sparse_moe.gate.weight' has the shape [4, 16], config.json asks for [5, 16].")]
    public void A_config_that_tells_another_story_than_the_weights_leaves_nothing_behind(int experts, string what)
    {
        PicoCheckpoint.Write(Source);
        var config = PicoCheckpoint.ConfigText().Replace("\"num_local_experts\": 4", $"\"num_local_experts\": {experts}", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Source, "config.json"), config);

        AssertRefused(what, Plans.ByHand((0, [0, 1])));
    }

    [Fact]
    public void A_checkpoint_with_an_expert_too_many_leaves_nothing_behind()
    {
        PicoCheckpoint.Write(Source);
        Rewrite(tensor => tensor with { Name = tensor.Name.Replace("layers.1.block_sparse_moe.experts.3.w2", "layers.7.block_sparse_moe.experts.0.w2", StringComparison.Ordinal) });

        AssertRefused("The checkpoint has no tensor 'model.layers.1.block_sparse_moe.experts.3.w2.weight'.", Plans.ByHand((0, [0, 1])));
    }

    [Fact]
    public void An_expert_of_a_layer_that_is_not_there_leaves_nothing_behind()
    {
        PicoCheckpoint.Write(Source);
        Rewrite(tensor => tensor.Name == "model.norm.weight" ? tensor with { Name = "model.layers.7.block_sparse_moe.experts.0.w2.weight" } : tensor);

        AssertRefused("'model.layers.7.block_sparse_moe.experts.0.w2.weight' is there, but config.json calls for no such tensor of an expert or router.", Plans.ByHand((0, [0, 1])));
    }

    [Fact]
    public void The_source_itself_is_never_the_output()
    {
        PicoCheckpoint.Write(Source);
        using var source = Checkpoint.Open(Source);

        var error = Assert.Throws<InputException>(() => CheckpointPruner.Prune(source, Plans.ByHand((0, [0, 1])), Source + "/../source/"));

        Assert.Equal("Source and output are the same folder.", error.What);
    }

    [Fact]
    public void An_output_that_is_there_already_stays_as_it_is()
    {
        PicoCheckpoint.Write(Source);
        Directory.CreateDirectory(_folder["out"]);
        using var source = Checkpoint.Open(Source);

        Assert.Throws<InputException>(() => CheckpointPruner.Prune(source, Plans.ByHand((0, [0, 1])), _folder["out"]));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["out"]));
    }

    [Fact]
    public void A_fault_half_way_leaves_nothing_behind()
    {
        PicoCheckpoint.Write(Source);
        // a side file that vanishes after the checkpoint was opened
        var vanishing = Path.Combine(Source, "tokenizer.json");
        File.WriteAllText(vanishing, "{}");
        using var source = Checkpoint.Open(Source);
        File.Delete(vanishing);

        Assert.ThrowsAny<IOException>(() => CheckpointPruner.Prune(source, Plans.ByHand((0, [0, 1])), _folder["out"]));

        AssertNothingBesideTheSource();
    }

    [Theory]
    [InlineData(new[] { 0, 1 })]
    [InlineData(new[] { 0, 1, 2, 3 })]
    public void An_interruption_leaves_nothing_behind(int[] survivors)
    {
        PicoCheckpoint.Write(Source);
        using var source = Checkpoint.Open(Source);

        Assert.Throws<OperationCanceledException>(() => CheckpointPruner.Prune(source, Plans.ByHand((0, survivors)), _folder["out"], new CancellationToken(canceled: true)));

        AssertNothingBesideTheSource();
    }

    private void AssertRefused(string what, PrunePlan plan)
    {
        using var source = Checkpoint.Open(Source);

        var error = Assert.Throws<InputException>(() => CheckpointPruner.Prune(source, plan, _folder["out"]));

        Assert.Equal(what, error.What);
        AssertNothingBesideTheSource();
    }

    private void AssertNothingBesideTheSource() => Assert.Equal([Source], Directory.EnumerateFileSystemEntries(_folder.Path));

    private void Rewrite(Func<TensorSpec, TensorSpec> change)
    {
        var path = Path.Combine(Source, "model.safetensors");
        var other = _folder["changed"];
        using (var file = SafetensorsFile.Open(path))
        {
            using var writer = SafetensorsWriter.Create(other, [.. file.Header.Tensors.Select(entry => change(entry.Spec))]);
            foreach (var entry in file.Header.Tensors)
            {
                writer.Write(file.Tensor(entry.Spec.Name).Slice(0, (int)entry.Length));
            }

            writer.Complete();
        }

        File.Move(other, path, overwrite: true);
    }
}
