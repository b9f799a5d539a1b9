using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Checkpoints;

public sealed class ACheckpoint
{
    [Fact]
    public void Gives_the_same_tensors_from_one_file_and_from_shards()
    {
        using var oneFile = SmallCheckpoint.InOneFile();
        using var twoShards = SmallCheckpoint.InTwoShards();
        using var one = Checkpoint.Open(oneFile.Path);
        using var two = Checkpoint.Open(twoShards.Path);
        Assert.Equal(["model.safetensors"], one.Shards.Select(shard => shard.FileName));
        Assert.Equal(SmallCheckpoint.ShardNames, two.Shards.Select(shard => shard.FileName));
        Assert.Equal(SmallCheckpoint.Tensors().Select(tensor => tensor.Name).Order(StringComparer.Ordinal), one.TensorNames);
        Assert.Equal(one.TensorNames, two.TensorNames);
        Assert.All(one.TensorNames, name => Assert.Equal(one.Tensor(name).Spec, two.Tensor(name).Spec));
    }

    [Fact]
    public void Names_the_tensor_that_it_does_not_have()
    {
        using var folder = SmallCheckpoint.InOneFile();
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.True(checkpoint.Has(SmallCheckpoint.Router));
        Assert.False(checkpoint.Has("model.layers.1.mlp.gate.weight"));
        var error = Assert.Throws<InputException>(() => checkpoint.Tensor("model.layers.1.mlp.gate.weight"));
        Assert.Contains("'model.layers.1.mlp.gate.weight'", error.What, StringComparison.Ordinal);
        Assert.Equal(folder.Path, error.Where);
    }

    [Fact]
    public void Carries_tokenizer_and_generation_files_along_and_nothing_else()
    {
        using var folder = SmallCheckpoint.InOneFile();
        string[] carried = ["added_tokens.json", "chat_template.jinja", "generation_config.json", "merges.txt", "special_tokens_map.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json"];
        string[] left = ["README.md", "expected.json", "pytorch_model.bin", "training_args.bin", ".gitattributes", "old_tokenizer.json"];
        foreach (var name in carried.Concat(left))
        {
            folder.Write(name, "x");
        }

        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(carried, checkpoint.SideFiles);
    }

    [Theory]
    [InlineData("mixtral", 2, 8)]
    [InlineData("mixtral_v5cfg_bf16", 1, null)]
    public void Of_the_reference_set_has_exactly_the_tensors_of_its_family(string fixture, int shards, int? experts)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Folder(fixture));
        var architecture = ArchitectureCatalog.For(checkpoint.Config);
        Assert.Equal(shards, checkpoint.Shards.Length);
        Assert.Equal(experts ?? architecture.Shape(checkpoint.Config).Experts[0], architecture.Shape(checkpoint.Config).Experts[0]);
        Assert.Equal(
            architecture.Tensors(checkpoint.Config).Select(tensor => tensor.Name).Order(StringComparer.Ordinal),
            checkpoint.TensorNames);
        Assert.All(architecture.Tensors(checkpoint.Config), tensor => Assert.Equal(tensor.Shape, checkpoint.Tensor(tensor.Name).Spec.Shape));
        Assert.All(checkpoint.TensorNames, name => Assert.All(checkpoint.Tensor(name).ToFloats(), value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void Of_any_family_in_the_reference_set_opens()
    {
        var folders = Directory.GetDirectories(Fixtures.Folder("."));
        Assert.All(folders, folder =>
        {
            using var checkpoint = Checkpoint.Open(folder);
            Assert.NotEmpty(checkpoint.TensorNames);
            Assert.NotEmpty(checkpoint.Config.ModelType);
            using var expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));
            Assert.NotEmpty(expected.Header.Tensors);
        });
    }
}
