using System.Text.Json;
using System.Text.Json.Nodes;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Pruning;

/// <summary>The mixtral fixture: two shards with an index, three layers of eight experts, keep-lists of its reference results.</summary>
public sealed class WhenAReferenceCheckpointIsCut : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Source => Fixtures.Folder("mixtral");

    private string Output => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("prune")]
    [InlineData("prune_nonuniform")]
    public void Every_tensor_is_the_slice_of_the_source_that_the_plan_says(string @case)
    {
        var keep = KeepLists(@case);
        using var source = Checkpoint.Open(Source);

        CheckpointPruner.Prune(source, Plans.ByHand([.. keep]), Output);

        using var pruned = Checkpoint.Open(Output);
        var expected = Expected(source, keep.ToDictionary());
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), pruned.TensorNames);
        foreach (var (name, bytes) in expected)
        {
            Assert.True(bytes.SequenceEqual(Bytes(pruned.Tensor(name))), name);
        }

        Assert.Equal(
            keep.Select(layer => layer.Survivors.Length),
            ArchitectureCatalog.For(pruned.Config).Shape(pruned.Config).Experts);
    }

    [Theory]
    [InlineData("prune")]
    [InlineData("prune_nonuniform")]
    public void Shards_keep_their_names_their_order_and_their_metadata(string @case)
    {
        using var source = Checkpoint.Open(Source);

        CheckpointPruner.Prune(source, Plans.ByHand([.. KeepLists(@case)]), Output);

        using var pruned = Checkpoint.Open(Output);
        foreach (var (before, after) in source.Shards.Zip(pruned.Shards))
        {
            Assert.Equal(before.FileName, after.FileName);
            Assert.Equal(before.File.Header.Metadata, after.File.Header.Metadata);
            var names = after.File.Header.Tensors.Select(entry => entry.Spec.Name).ToList();
            Assert.Equal(names.Count, names.Distinct().Count());
            var others = names.Where(name => !name.Contains("experts", StringComparison.Ordinal));
            Assert.Equal(before.File.Header.Tensors.Select(entry => entry.Spec.Name).Where(name => !name.Contains("experts", StringComparison.Ordinal)), others);
        }
    }

    [Fact]
    public void The_index_maps_what_is_left_in_its_old_order_with_its_size()
    {
        using var source = Checkpoint.Open(Source);

        CheckpointPruner.Prune(source, Plans.ByHand((1, [0, 3])), Output);

        using var pruned = Checkpoint.Open(Output);
        var index = JsonNode.Parse(File.ReadAllText(Path.Combine(Output, "model.safetensors.index.json")))!;
        Assert.Equal(pruned.TensorNames.Sum(name => pruned.Tensor(name).ByteCount), index["metadata"]!["total_size"]!.GetValue<long>());
        Assert.Equal(pruned.TensorNames, index["weight_map"]!.AsObject().Select(entry => entry.Key));
    }

    [Fact]
    public void A_uniform_cut_changes_one_number_of_the_config()
    {
        using var source = Checkpoint.Open(Source);

        CheckpointPruner.Prune(source, Plans.ByHand([.. KeepLists("prune")]), Output);

        Assert.Equal(
            File.ReadAllText(Path.Combine(Source, "config.json")).Replace("\"num_local_experts\": 8", "\"num_local_experts\": 6", StringComparison.Ordinal),
            File.ReadAllText(Path.Combine(Output, "config.json")));
    }

    [Fact]
    public void A_ragged_cut_keeps_the_largest_count_and_says_each_layers()
    {
        using var source = Checkpoint.Open(Source);

        CheckpointPruner.Prune(source, Plans.ByHand([.. KeepLists("prune_nonuniform")]), Output);

        var config = HfConfig.Read(Path.Combine(Output, "config.json"));
        Assert.Equal(8, config.Int("num_local_experts"));
        Assert.Equal([8, 4, 7], config.Section("seer")!.Integers("experts_per_layer"));
    }

    [Fact]
    public void A_plan_that_drops_nothing_rewrites_every_file_byte_for_byte()
    {
        using var source = Checkpoint.Open(Source);

        CheckpointPruner.Prune(source, Plans.ByHand((2, [0, 1, 2, 3, 4, 5, 6, 7])), Output);

        string[] files = ["config.json", "model.safetensors.index.json", .. source.Shards.Select(shard => shard.FileName)];
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(Source, file)), File.ReadAllBytes(Path.Combine(Output, file))));
    }

    [Fact]
    public void Cutting_twice_is_cutting_once()
    {
        using (var source = Checkpoint.Open(Source))
        {
            CheckpointPruner.Prune(source, Plans.ByHand((0, [0, 2, 3, 5, 7]), (1, [1, 4])), _folder["first"]);
            CheckpointPruner.Prune(source, Plans.ByHand((0, [2, 7]), (1, [1, 4]), (2, [6, 7])), _folder["at-once"]);
        }

        using (var first = Checkpoint.Open(_folder["first"]))
        {
            // survivors 2 and 7 of layer 0 are experts 1 and 4 after the first cut
            CheckpointPruner.Prune(first, Plans.ByHand((0, [1, 4]), (2, [6, 7])), Output);
        }

        using var twice = Checkpoint.Open(Output);
        using var once = Checkpoint.Open(_folder["at-once"]);
        Assert.Equal(once.TensorNames, twice.TensorNames);
        Assert.All(once.TensorNames, name => Assert.True(Bytes(once.Tensor(name)).SequenceEqual(Bytes(twice.Tensor(name))), name));
        Assert.Equal(once.Config.Int("num_local_experts"), twice.Config.Int("num_local_experts"));
        Assert.False(twice.Config.Section("seer")!.Has("experts_per_layer"));
    }

    private static (int Layer, int[] Survivors)[] KeepLists(string @case)
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Source, "expected.json")));
        var keep = expected.RootElement.GetProperty("cases").GetProperty(@case).GetProperty("keep");
        return [.. keep.EnumerateObject().Select(layer => (int.Parse(layer.Name), layer.Value.Deserialize<int[]>()!))];
    }

    /// <summary>The bytes of every tensor after the cut, found without the code under test: by the names alone.</summary>
    private static Dictionary<string, byte[]> Expected(Checkpoint source, Dictionary<int, int[]> keep)
    {
        var expected = new Dictionary<string, byte[]>();
        foreach (var name in source.TensorNames)
        {
            var bytes = Bytes(source.Tensor(name));
            switch (name.Split('.'))
            {
                case ["model", "layers", var layer, "block_sparse_moe", "experts", var expert, var matrix, "weight"]:
                    var number = Array.IndexOf(keep[int.Parse(layer)], int.Parse(expert));
                    if (number >= 0)
                    {
                        expected.Add($"model.layers.{layer}.block_sparse_moe.experts.{number}.{matrix}.weight", bytes);
                    }

                    break;
                case ["model", "layers", var layer, "block_sparse_moe", "gate", "weight"]:
                    expected.Add(name, [.. keep[int.Parse(layer)].SelectMany(row => bytes.Skip(row * bytes.Length / 8).Take(bytes.Length / 8))]);
                    break;
                default:
                    expected.Add(name, bytes);
                    break;
            }
        }

        return expected;
    }

    private static byte[] Bytes(TensorView tensor) => tensor.Slice(0, (int)tensor.ByteCount).ToArray();
}
