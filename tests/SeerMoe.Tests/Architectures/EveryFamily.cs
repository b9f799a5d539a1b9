using System.Text.Json.Nodes;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Architectures;

/// <summary>The tables of names and shapes, and the cut, held against the reference checkpoint of every family.</summary>
public sealed class EveryFamily
{
    // What holds one slice an expert, told by the names alone and without the code under test.
    private static readonly string[] Sliced =
    [
        "mlp.gate.weight", "mlp.gate.e_score_correction_bias", "block_sparse_moe.gate.weight", "block_sparse_moe.e_score_correction_bias",
        "block_sparse_moe.router.layer.weight", "block_sparse_moe.input_linear.weight", "block_sparse_moe.output_linear.weight",
        "mlp.router.weight", "mlp.router.bias", "mlp.experts.gate_up_proj", "mlp.experts.gate_up_proj_bias", "mlp.experts.down_proj", "mlp.experts.down_proj_bias",
        "mlp.experts.gate_up_proj_blocks", "mlp.experts.gate_up_proj_scales", "mlp.experts.down_proj_blocks", "mlp.experts.down_proj_scales",
        "mlp.moe_statics.e_score_correction_bias",
    ];

    public static TheoryData<string> Fixtures =>
    [
        "mixtral", "mixtral_v5cfg_bf16", "qwen2_moe", "qwen3_moe", "olmoe", "deepseek_v2", "deepseek_v2_yarn_group", "deepseek_v3", "glm4_moe", "phimoe",
        "gpt_oss", "gpt_oss_mxfp4", "granitemoe", "minimax_m2", "ernie4_5_moe",
    ];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Has_exactly_the_tensors_that_its_table_lists(string fixture)
    {
        using var checkpoint = Checkpoint.Open(Testing.Fixtures.Folder(fixture));
        var table = ArchitectureCatalog.For(checkpoint.Config).Tensors(checkpoint.Config).ToDictionary(tensor => tensor.Name);

        Assert.Equal(checkpoint.TensorNames, table.Keys.Order(StringComparer.Ordinal));
        Assert.All(checkpoint.TensorNames, name => Assert.Equal(checkpoint.Tensor(name).Spec.Shape, table[name].Shape));
        Assert.All(table.Values, tensor => Assert.True(tensor.DType is null || tensor.DType == checkpoint.Tensor(tensor.Name).Spec.DType, tensor.Name));
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Counts_the_same_parameters_and_bytes_from_its_config_alone(string fixture)
    {
        using var checkpoint = Checkpoint.Open(Testing.Fixtures.Folder(fixture));
        var (whole, config) = (Footprint.Of(checkpoint), Footprint.Of(checkpoint.Config));

        Assert.Equal(whole, config with { Attention = whole.Attention, FlopsPerToken = whole.FlopsPerToken });
        Assert.Equal(whole.FlopsPerToken, config.FlopsPerToken);
        Assert.Equal(whole.Flops(1000), config.Flops(1000));
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Is_cut_slice_by_slice_and_nothing_else_changes(string fixture)
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(Testing.Fixtures.Folder(fixture));
        var shape = ArchitectureCatalog.For(source.Config).Shape(source.Config);
        var keep = shape.MoeLayers.ToDictionary(layer => layer, layer => Keep(shape, layer));
        CheckpointPruner.Prune(source, new PrunePlan(null, null, null, null, null, [.. keep.Select(layer => new LayerPlan(layer.Key, null, [.. layer.Value], null))]), folder["out"]);

        using var pruned = Checkpoint.Open(folder["out"]);
        var expected = Expected(source, keep, shape);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), pruned.TensorNames);
        Assert.All(expected, tensor => Assert.True(tensor.Value.SequenceEqual(Bytes(pruned.Tensor(tensor.Key))), tensor.Key));
        Assert.Equal(keep.Values.Select(experts => experts.Length), ArchitectureCatalog.For(pruned.Config).Shape(pruned.Config).Experts);
        Assert.Equal(Footprint.Of(source, new PrunePlan(null, null, null, null, null, [.. keep.Select(layer => new LayerPlan(layer.Key, null, [.. layer.Value], null))])).Bytes, Footprint.Of(pruned).Bytes);

        // Of the config, the number of experts changes and nothing else.
        var (before, after) = (JsonNode.Parse(File.ReadAllText(source.Config.Path))!.AsObject(), JsonNode.Parse(File.ReadAllText(pruned.Config.Path))!.AsObject());
        Assert.Equal(before.Select(entry => entry.Key), after.Select(entry => entry.Key));
        var changed = before.Where(entry => !JsonNode.DeepEquals(entry.Value, after[entry.Key])).Select(entry => entry.Key);
        Assert.Equal([ArchitectureCatalog.For(source.Config).ExpertCountKeys[0]], changed);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Has_a_floor_below_which_no_layer_can_be_cut(string fixture)
    {
        using var checkpoint = Checkpoint.Open(Testing.Fixtures.Folder(fixture));
        var shape = ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config);

        var plan = new PrunePlan(null, null, null, null, null, [new LayerPlan(shape.MoeLayers[0], null, [.. Enumerable.Range(0, shape.LeastExperts - 1)], null)]);
        Assert.Throws<InputException>(() => PruneChecks.RefuseUnfit(plan, shape, "plan"));
    }

    /// <summary>All but the first expert of each group, so that numbers move and groups stay even.</summary>
    private static int[] Keep(MoeShape shape, int layer)
    {
        var group = shape.ExpertsOf(layer) / shape.Groups;
        return [.. Enumerable.Range(0, shape.ExpertsOf(layer)).Where(expert => expert % group != 0)];
    }

    private static Dictionary<string, byte[]> Expected(Checkpoint source, Dictionary<int, int[]> keep, MoeShape shape)
    {
        var expected = new Dictionary<string, byte[]>();
        foreach (var name in source.TensorNames)
        {
            var bytes = Bytes(source.Tensor(name));
            var parts = name.Split('.');
            var layer = parts is ["model", "layers", var number, ..] ? int.Parse(number) : -1;
            var experts = Array.IndexOf(parts, "experts");
            if (layer >= 0 && Sliced.Contains(string.Join('.', parts.Skip(3))))
            {
                var slice = bytes.Length / shape.ExpertsOf(layer);
                expected.Add(name, [.. keep[layer].SelectMany(expert => bytes.Skip(expert * slice).Take(slice))]);
            }
            else if (experts >= 0 && int.TryParse(parts[experts + 1], out var expert))
            {
                parts[experts + 1] = $"{Array.IndexOf(keep[layer], expert)}";
                if (keep[layer].Contains(expert))
                {
                    expected.Add(string.Join('.', parts), bytes);
                }
            }
            else
            {
                expected.Add(name, bytes);
            }
        }

        return expected;
    }

    private static byte[] Bytes(TensorView tensor) => tensor.Slice(0, (int)tensor.ByteCount).ToArray();
}
