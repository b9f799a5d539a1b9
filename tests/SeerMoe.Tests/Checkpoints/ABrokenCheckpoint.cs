using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Checkpoints;

public sealed class ABrokenCheckpoint
{
    [Fact]
    public void Is_refused_when_there_is_no_folder()
    {
        using var folder = SmallCheckpoint.InOneFile();
        Assert.Contains("no such checkpoint folder", Refusal(folder["absent"]).What, StringComparison.Ordinal);
        Assert.Contains("no such checkpoint folder", Refusal(folder["config.json"]).What, StringComparison.Ordinal);
        Assert.Contains("no such checkpoint folder", Refusal("").What, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_refused_when_it_has_no_config()
    {
        using var folder = SmallCheckpoint.InOneFile();
        File.Delete(folder["config.json"]);
        AssertRefused("no config.json", folder);
    }

    [Fact]
    public void Is_refused_when_it_has_no_weights()
    {
        using var folder = SmallCheckpoint.WithConfig();
        AssertRefused("no weights: neither model.safetensors nor model.safetensors.index.json", folder);
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("consolidated.00.pth")]
    [InlineData("model.pt")]
    [InlineData("model-q4.gguf")]
    public void Is_refused_when_its_weights_are_of_another_format(string file)
    {
        using var folder = SmallCheckpoint.WithConfig();
        folder.Write(file, "x");
        AssertRefused($"no safetensors weights, only {file}", folder);
    }

    [Fact]
    public void Is_refused_when_its_shards_have_no_index()
    {
        using var folder = SmallCheckpoint.InTwoShards();
        File.Delete(folder[ShardIndex.FileName]);
        AssertRefused("no model.safetensors.index.json that names them", folder);
    }

    [Fact]
    public void Is_refused_when_it_has_both_one_file_and_shards()
    {
        using var folder = SmallCheckpoint.InTwoShards();
        SmallCheckpoint.WriteWeights(folder["model.safetensors"], SmallCheckpoint.Tensors());
        AssertRefused("model.safetensors and model.safetensors.index.json, which does not name it", folder);
    }

    [Fact]
    public void Is_refused_when_a_shard_is_absent()
    {
        using var folder = SmallCheckpoint.InTwoShards();
        File.Delete(folder[SmallCheckpoint.ShardNames[1]]);
        AssertRefused($"The shard {SmallCheckpoint.ShardNames[1]} is absent", folder);
    }

    [Fact]
    public void Is_refused_when_a_shard_is_damaged()
    {
        using var folder = SmallCheckpoint.InTwoShards();
        File.WriteAllBytes(folder[SmallCheckpoint.ShardNames[1]], File.ReadAllBytes(folder[SmallCheckpoint.ShardNames[1]])[..^1]);
        AssertRefused("cut off", folder);
    }

    [Fact]
    public void Is_refused_when_a_shard_lacks_a_tensor_of_the_index()
    {
        using var folder = SmallCheckpoint.InTwoShards();
        SmallCheckpoint.WriteWeights(folder[SmallCheckpoint.ShardNames[1]], SmallCheckpoint.Tensors()[6..]);
        AssertRefused($"The shard {SmallCheckpoint.ShardNames[1]} lacks the tensor '{SmallCheckpoint.Tensors()[5].Name}'", folder);
    }

    [Fact]
    public void Is_refused_when_a_shard_has_a_tensor_that_the_index_does_not_name()
    {
        using var folder = SmallCheckpoint.InTwoShards();
        SmallCheckpoint.WriteWeights(folder[SmallCheckpoint.ShardNames[1]], [.. SmallCheckpoint.Tensors()[5..], new TensorSpec("extra", DType.UInt8, [1])]);
        AssertRefused("has the tensor 'extra', which the index does not name", folder);
    }

    [Fact]
    public void Is_refused_when_a_tensor_stands_in_two_shards()
    {
        using var folder = SmallCheckpoint.InTwoShards();
        SmallCheckpoint.WriteWeights(folder[SmallCheckpoint.ShardNames[1]], SmallCheckpoint.Tensors()[4..]);
        AssertRefused($"has the tensor '{SmallCheckpoint.Tensors()[4].Name}', which the index maps to {SmallCheckpoint.ShardNames[0]}", folder);
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("/etc/model.safetensors")]
    [InlineData("..")]
    [InlineData("sub/model.safetensors")]
    [InlineData("sub\\\\model.safetensors")]
    [InlineData("C:model.safetensors")]
    [InlineData("a\\u0000.safetensors")]
    [InlineData("config.json")]
    [InlineData("pytorch_model.bin")]
    [InlineData("")]
    public void Is_refused_when_its_index_names_anything_but_a_weight_file_beside_it(string shard)
    {
        using var folder = SmallCheckpoint.InTwoShards();
        folder.Write(ShardIndex.FileName, $$$"""{"weight_map":{"model.norm.weight":"{{{shard}}}"}}""");
        AssertRefused("maps 'model.norm.weight' to ", folder);
        AssertRefused("not a .safetensors file in the same folder", folder);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("""{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}""", "not valid JSON")]
    [InlineData("""{"weight_map":{"\ud800":"x.safetensors"}}""", "not valid JSON")]
    [InlineData("""{"weight_map":{"a":"\ud800"}}""", "not valid JSON")]
    [InlineData("[]", "no weight_map")]
    [InlineData("{}", "no weight_map")]
    [InlineData("""{"weight_map":[]}""", "no weight_map")]
    [InlineData("""{"weight_map":{}}""", "no weight_map")]
    [InlineData("""{"weight_map":{"a":1}}""", "maps 'a' to '1'")]
    public void Is_refused_when_its_index_is_none(string index, string message)
    {
        using var folder = SmallCheckpoint.InTwoShards();
        folder.Write(ShardIndex.FileName, index);
        AssertRefused(message, folder);
    }

    [Fact]
    public void Is_read_or_refused_as_input_whatever_is_done_to_the_bytes_of_its_index()
    {
        using var folder = SmallCheckpoint.InTwoShards();
        var path = folder[ShardIndex.FileName];
        var good = File.ReadAllBytes(path);
        var random = new Random(17);
        for (var i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. good];
            for (var times = 1 + random.Next(3); times > 0; times--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : good[random.Next(good.Length)];
            }

            File.WriteAllBytes(path, bytes);
            Assert.True(Record.Exception(() => Checkpoint.Open(folder.Path).Dispose()) is null or InputException);
        }
    }

    [Fact]
    public void Leaves_no_file_open_behind_its_refusal()
    {
        using var folder = SmallCheckpoint.InTwoShards();
        File.WriteAllText(folder[SmallCheckpoint.ShardNames[1]], "damaged");
        Refusal(folder.Path);
        using var writer = new FileStream(folder[SmallCheckpoint.ShardNames[0]], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    private static void AssertRefused(string message, TemporaryFolder folder) => Assert.Contains(message, Refusal(folder.Path).What, StringComparison.Ordinal);

    private static InputException Refusal(string folder) => Assert.Throws<InputException>(() => Checkpoint.Open(folder));
}
