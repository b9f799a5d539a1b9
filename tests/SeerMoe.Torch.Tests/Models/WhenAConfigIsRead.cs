using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Models;

/// <summary>A key that nobody reads may be the one that changes the numbers.</summary>
public sealed class WhenAConfigIsRead : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_architecture_has_a_family_that_computes_it() =>
        Assert.All(ArchitectureCatalog.All, architecture =>
            Assert.Contains(typeof(ModelFamilies).Assembly.GetTypes(), type => type.IsAssignableTo(typeof(IModelFamily)) && architecture.GetType().Name == $"{type.Name}Architecture"));

    [Theory]
    [InlineData("\"logit_cap\": 30.0", "logit_cap")]
    [InlineData("\"rope_scaling\": {\"type\": \"default\", \"ramp\": 2}", "rope_scaling.ramp")]
    [InlineData("\"seer\": {\"gate\": 1}", "seer.gate")]
    public void A_key_that_is_not_known_is_an_error_that_names_it(string key, string name)
    {
        using var checkpoint = Pico(key);
        var error = Assert.Throws<InputException>(() => MoeTransformer.Load(checkpoint, Oracle.Float32));

        Assert.Equal($"The key '{name}' is not known for a mixtral, and may change its numbers.", error.What);
        Assert.EndsWith($"--ignore-config-key {name}.", error.WhatToDo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"logit_cap\": 30.0", "logit_cap")]
    [InlineData("\"rope_scaling\": {\"type\": \"default\", \"ramp\": 2}", "rope_scaling.ramp")]
    [InlineData("\"seer\": {\"gate\": 1}", "seer")]
    public void With_the_users_word_for_it_the_model_loads(string key, string ignored)
    {
        using var checkpoint = Pico(key);
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32 with { IgnoredConfigKeys = [ignored] });

        Assert.Equal(2, model.Layers.Count);
    }

    [Theory]
    [InlineData("\"router_aux_loss_coef\": 0.02")]
    [InlineData("\"logit_cap\": null")]
    [InlineData("\"_name_or_path\": \"somewhere\"")]
    public void A_key_that_says_nothing_of_the_numbers_is_no_error(string key)
    {
        using var checkpoint = Pico(key);
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);

        Assert.Equal(2, model.Layers.Count);
    }

    [Fact]
    public void A_family_that_is_not_known_gives_the_list_of_those_that_are()
    {
        var config = HfConfig.Parse(PicoCheckpoint.ConfigText().Replace("\"mixtral\"", "\"qwen3_mo\"", StringComparison.Ordinal), "config.json");
        var error = Assert.Throws<InputException>(() => ModelFamilies.For(config));

        Assert.StartsWith("Did you mean 'qwen3_moe'? Known families: mixtral, qwen2_moe, qwen3_moe, olmoe, deepseek_v2", error.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bias_that_the_config_does_not_switch_on_is_named_rather_than_left_out()
    {
        using var oracle = new Oracle("qwen2_moe");
        using var checkpoint = Changed(oracle, "\"norm_topk_prob\": false", "\"norm_topk_prob\": false, \"qkv_bias\": false");
        var error = Assert.Throws<InputException>(() => MoeTransformer.Load(checkpoint, Oracle.Float32));

        Assert.Contains("'model.layers.0.self_attn.k_proj.bias' is in the checkpoint", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Qwen3_computes_the_same_in_the_spelling_of_transformers_5_and_is_cut_in_it()
    {
        using var oracle = new Oracle("qwen3_moe");
        var text = File.ReadAllText(oracle.Checkpoint.Config.Path)
            .Replace("\"num_experts\": 16", "\"num_local_experts\": 16", StringComparison.Ordinal)
            .Replace("\"rope_theta\": 1000000.0", "\"rope_parameters\": {\"rope_theta\": 1000000.0, \"rope_type\": \"default\"}", StringComparison.Ordinal)
            .Replace("torch_dtype", "dtype", StringComparison.Ordinal);
        using var checkpoint = WithConfig(oracle, text);
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var batch = TokenBatch.Of(oracle.Sequences("base"), CPU);
        using var expected = oracle.Tensor("base.logits");
        using var logits = ForwardPass.Logits(model, batch);
        Close.Absolute(expected, logits, oracle.Tolerance("logits_atol"));

        SeerMoe.Pruning.CheckpointPruner.Prune(checkpoint, oracle.Plan("prune"), _folder["pruned"]);
        Assert.Equal(text.Replace("\"num_local_experts\": 16", "\"num_local_experts\": 11", StringComparison.Ordinal), File.ReadAllText(_folder["pruned/config.json"]));
    }

    [Fact]
    public void Two_keys_for_one_number_must_agree()
    {
        using var oracle = new Oracle("gpt_oss");
        using var checkpoint = Changed(oracle, "\"experts_per_token\": 3", "\"experts_per_token\": 2");

        Assert.Contains("'experts_per_token' is 2, not 3 as num_experts_per_tok says", Assert.Throws<InputException>(() => MoeTransformer.Load(checkpoint, Oracle.Float32)).What, StringComparison.Ordinal);
    }

    private Checkpoint Pico(string key) => Checkpoint.Open(PicoCheckpoint.Write(
        _folder["model"], config: PicoCheckpoint.ConfigText().Replace("\"bos_token_id\": 256", key, StringComparison.Ordinal)));

    private Checkpoint Changed(Oracle oracle, string key, string changed) =>
        WithConfig(oracle, File.ReadAllText(oracle.Checkpoint.Config.Path).Replace(key, changed, StringComparison.Ordinal));

    private Checkpoint WithConfig(Oracle oracle, string text)
    {
        var folder = Directory.CreateDirectory(_folder["changed"]).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), text);
        File.Copy(Path.Combine(oracle.Folder, "model.safetensors"), Path.Combine(folder, "model.safetensors"));
        return Checkpoint.Open(folder);
    }
}
