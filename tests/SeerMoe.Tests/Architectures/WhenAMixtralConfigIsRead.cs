using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Architectures;

public class WhenAMixtralConfigIsRead
{
    [Theory]
    [InlineData("\"num_hidden_layers\": 2", "\"num_hidden_layers\": -1", "num_hidden_layers")]
    [InlineData("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 0", "num_hidden_layers")]
    [InlineData("\"num_attention_heads\": 4", "\"num_attention_heads\": 0", "num_attention_heads")]
    [InlineData("\"num_local_experts\": 4", "\"num_local_experts\": 0", "num_local_experts")]
    [InlineData("\"num_experts_per_tok\": 2", "\"num_experts_per_tok\": 0", "num_experts_per_tok")]
    [InlineData("\"num_experts_per_tok\": 2", "\"num_experts_per_tok\": 5", "num_experts_per_tok is 5, but a layer has 4 experts")]
    [InlineData("\"bos_token_id\": 256", "\"seer\": {\"experts_per_layer\": [4]}", "experts_per_layer")]
    [InlineData("\"bos_token_id\": 256", "\"seer\": {\"experts_per_layer\": [4, 0]}", "experts_per_layer")]
    public void Sizes_that_can_not_be_are_refused_by_name(string key, string changed, string named)
    {
        var config = HfConfig.Parse(PicoCheckpoint.ConfigText().Replace(key, changed, StringComparison.Ordinal), "config.json");

        Assert.Contains(named, Assert.Throws<InputException>(() => new MixtralArchitecture().Tensors(config).Count()).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_value_heads_are_as_many_as_heads_unless_it_says_otherwise()
    {
        var config = HfConfig.Parse(PicoCheckpoint.ConfigText().Replace("  \"num_key_value_heads\": 2,\n", "", StringComparison.Ordinal), "config.json");

        Assert.Contains(new MixtralArchitecture().Tensors(config), tensor => tensor.Name.EndsWith("k_proj.weight", StringComparison.Ordinal) && tensor.Shape[0] == 16);
    }

    [Fact]
    public void A_layer_of_experts_that_it_does_not_name_is_refused()
    {
        using var folder = new TemporaryFolder();
        PicoCheckpoint.Write(folder["model"]);
        File.WriteAllText(folder["model/config.json"], PicoCheckpoint.ConfigText().Replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1", StringComparison.Ordinal));
        using var checkpoint = Checkpoint.Open(folder["model"]);

        Assert.Contains("model.layers.1.", Assert.Throws<InputException>(() => Footprint.Of(checkpoint)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void The_parameters_of_Mixtral_8x7B_are_those_that_everybody_counts()
    {
        var config = HfConfig.Parse(
            """
            {
              "model_type": "mixtral", "vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
              "num_attention_heads": 32, "num_key_value_heads": 8, "num_local_experts": 8, "num_experts_per_tok": 2
            }
            """,
            "config.json");

        Assert.Equal(46_702_792_704, new MixtralArchitecture().Tensors(config).Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size)));
    }

    [Fact]
    public void A_scale_of_a_quantised_expert_is_refused_rather_than_left_behind()
    {
        using var folder = new TemporaryFolder();
        PicoCheckpoint.Write(folder["plain"]);
        Directory.CreateDirectory(folder["model"]);
        File.Copy(folder["plain/config.json"], folder["model/config.json"]);
        const string scale = "model.layers.0.block_sparse_moe.experts.3.w1.weight_scale";
        using (var plain = Checkpoint.Open(folder["plain"]))
        {
            TensorSpec[] tensors = [.. plain.Shards[0].File.Header.Tensors.Select(entry => entry.Spec), new TensorSpec(scale, DType.Float32, [1])];
            using var writer = SafetensorsWriter.Create(folder["model/model.safetensors"], tensors);
            writer.Write(new byte[tensors.Sum(tensor => tensor.ByteCount)]);
            writer.Complete();
        }

        using var checkpoint = Checkpoint.Open(folder["model"]);
        var plan = new PrunePlan(null, null, null, null, null, [new LayerPlan(0, null, [0, 1, 3], null)]);
        Assert.Contains(scale, Assert.Throws<InputException>(() => CheckpointPruner.Prune(checkpoint, plan, folder["out"])).What, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }
}
