using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Pruning;

/// <summary>Layers for further tokens (MTP), scales of 8-bit weights, and experts in a layout of another program.</summary>
public sealed class WhenACheckpointHasMoreThanItsLayers : IDisposable
{
    private const string NextToken = "model.layers.2.mlp.experts.0.up_proj.weight";

    private readonly TemporaryFolder _folder = new();

    private static string Config => File.ReadAllText(Path.Combine(Fixtures.Folder("glm4_moe"), "config.json"))
        .Replace("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2", StringComparison.Ordinal)
        .Replace("\"num_nextn_predict_layers\": 0", "\"num_nextn_predict_layers\": 1", StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_plan_that_drops_nothing_carries_a_layer_for_further_tokens()
    {
        using var source = Open(Config, new TensorSpec(NextToken, DType.Float32, [20, 32]));

        CheckpointPruner.Prune(source, Plans.ByHand(), _folder["out"]);

        using var same = Checkpoint.Open(_folder["out"]);
        Assert.Equal(source.TensorNames, same.TensorNames);
    }

    [Fact]
    public void A_cut_of_one_is_refused_with_the_way_out()
    {
        using var source = Open(Config, new TensorSpec(NextToken, DType.Float32, [20, 32]));

        var error = Assert.Throws<InputException>(() => CheckpointPruner.Prune(source, Plans.ByHand((1, [0, 1, 2, 3])), _folder["out"]));

        Assert.Contains(NextToken, error.What, StringComparison.Ordinal);
        Assert.Contains("num_nextn_predict_layers to 0", error.WhatToDo, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void Its_parameters_count_but_no_token_meets_them()
    {
        TensorSpec[] extra =
        [
            new(NextToken, DType.Float32, [20, 32]),
            new("model.layers.2.eh_proj.weight", DType.Float32, [32, 64]),
            new("model.layers.2.embed_tokens.weight", DType.Float32, [256, 32]),
            new("model.layers.2.mlp.shared_experts.up_proj.weight", DType.Float32, [20, 32]),
        ];
        using var source = Open(Config, extra);
        var (with, without) = (Footprint.Of(source), Footprint.Of(source.Config));

        Assert.Equal(without.Parameters + extra.Sum(tensor => tensor.ElementCount), with.Parameters);
        Assert.Equal(without.ActiveParameters, with.ActiveParameters);
        Assert.Equal(without.Flops(100), with.Flops(100));
    }

    [Fact]
    public void The_scales_of_8_bit_weights_go_with_their_expert()
    {
        const string scale = "model.layers.1.mlp.experts.{0}.up_proj.weight_scale_inv";
        var config = Config.Replace("\"num_nextn_predict_layers\": 1", "\"num_nextn_predict_layers\": 0", StringComparison.Ordinal);
        using var source = Open(config, [.. Enumerable.Range(0, 8).Select(expert => new TensorSpec(string.Format(scale, expert), DType.Float32, [1, expert + 1]))]);

        CheckpointPruner.Prune(source, Plans.ByHand((1, [1, 2, 4, 6])), _folder["out"]);

        using var pruned = Checkpoint.Open(_folder["out"]);
        int[] kept = [1, 2, 4, 6];
        Assert.All(kept, (old, number) => Assert.Equal(old + 1, pruned.Tensor(string.Format(scale, number)).Spec.Shape[1]));
        Assert.Equal(4, pruned.TensorNames.Count(name => name.EndsWith("_scale_inv", StringComparison.Ordinal)));
    }

    [Fact]
    public void Experts_of_an_unknown_layout_are_named_rather_than_left_as_they_are()
    {
        const string fused = "model.layers.1.mlp.experts.gate_up_proj";
        using var source = Open(Config, new TensorSpec(fused, DType.Float32, [8, 40, 32]));

        var error = Assert.Throws<InputException>(() => CheckpointPruner.Prune(source, Plans.ByHand((1, [0, 1, 2, 3])), _folder["out"]));

        Assert.Contains($"'{fused}' holds experts in a layout that is not this family's", error.What, StringComparison.Ordinal);
    }

    private Checkpoint Open(string config, params TensorSpec[] extra)
    {
        var folder = Directory.CreateDirectory(_folder["source"]).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        var parsed = HfConfig.Parse(config, "config.json");
        TensorSpec[] tensors = [.. ArchitectureCatalog.For(parsed).Tensors(parsed).Select(tensor => new TensorSpec(tensor.Name, tensor.DType ?? DType.Float32, tensor.Shape)), .. extra];
        using (var writer = SafetensorsWriter.Create(Path.Combine(folder, "model.safetensors"), tensors))
        {
            writer.Write(new byte[tensors.Sum(tensor => tensor.ByteCount)]);
            writer.Complete();
        }

        return Checkpoint.Open(folder);
    }
}
