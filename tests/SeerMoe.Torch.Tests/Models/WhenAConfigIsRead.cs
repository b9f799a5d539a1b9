using System.Text.Json.Nodes;
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
    public void A_key_to_ignore_that_is_not_there_is_a_slip_of_the_pen()
    {
        using var checkpoint = Pico("\"logit_cap\": 30.0");
        var error = Assert.Throws<InputException>(() => MoeTransformer.Load(checkpoint, Oracle.Float32 with { IgnoredConfigKeys = ["logit_cup"] }));

        Assert.StartsWith("Did you mean 'logit_cap'?", error.WhatToDo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen3_moe", "\"use_qk_norm\": true, \"qkv_bias\": false, \"shared_expert_intermediate_size\": 0")]
    [InlineData("minimax_m2", "\"layernorm_mlp_beta\": 1.0, \"mlp_intermediate_size\": 8192, \"shared_moe_mode\": \"sigmoid\", \"use_mtp\": true, \"num_mtp_modules\": 3")]
    [InlineData("gpt_oss", "\"swiglu_alpha\": 1.702")]
    [InlineData("ernie4_5_moe", "\"moe_gate\": \"topk\", \"compression_ratio\": 1.0, \"num_nextn_predict_layers\": 1")]
    [InlineData("deepseek_v3", "\"ep_size\": 1, \"aux_loss_alpha\": 0.001, \"seq_aux\": true, \"moe_layer_freq\": 1")]
    public void Keys_of_published_checkpoints_are_known(string fixture, string keys)
    {
        using var oracle = new Oracle(fixture);
        var config = JsonNode.Parse(File.ReadAllText(oracle.Checkpoint.Config.Path))!.AsObject();
        foreach (var (key, value) in JsonNode.Parse($"{{{keys}}}")!.AsObject())
        {
            config[key] = value?.DeepClone();
        }

        using var checkpoint = WithConfig(oracle, config.ToJsonString());
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);
        Assert.Equal(oracle.Root.GetProperty("moe_layers").GetArrayLength() + oracle.Root.GetProperty("dense_layers").GetArrayLength(), model.Layers.Count);
    }

    [Theory]
    [InlineData("qwen3_moe", "shared_expert_intermediate_size", "64")]
    [InlineData("minimax_m2", "layernorm_mlp_beta", "2")]
    [InlineData("deepseek_v2", "norm_topk_prob", "true")]
    [InlineData("deepseek_v3", "scoring_func", "\"softmax\"")]
    public void Values_that_no_published_checkpoint_has_are_refused_by_key(string fixture, string key, string value)
    {
        using var oracle = new Oracle(fixture);
        var config = JsonNode.Parse(File.ReadAllText(oracle.Checkpoint.Config.Path))!.AsObject();
        config[key] = JsonNode.Parse(value);
        using var checkpoint = WithConfig(oracle, config.ToJsonString());

        Assert.StartsWith($"{key} is not ", Assert.Throws<InputException>(() => MoeTransformer.Load(checkpoint, Oracle.Float32)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_family_that_is_not_known_gives_the_list_of_those_that_are()
    {
        var config = HfConfig.Parse(PicoCheckpoint.ConfigText().Replace("\"mixtral\"", "\"qwen3_mo\"", StringComparison.Ordinal), "config.json");
        var error = Assert.Throws<InputException>(() => ModelFamilies.For(config));

        Assert.StartsWith("Did you mean 'qwen3_moe'? Known families: mixtral, qwen2_moe, qwen3_moe, olmoe, deepseek_v2", error.WhatToDo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen3_moe", "\"mlp_only_layers\": [\n    1\n  ]", "\"mlp_only_layers\": []")]
    [InlineData("deepseek_v3", "\"first_k_dense_replace\": 1", "\"first_k_dense_replace\": 0")]
    public void The_width_of_dense_layers_may_be_stated_where_there_are_none(string fixture, string key, string changed)
    {
        var text = File.ReadAllText(Path.Combine(Fixtures.Folder(fixture), "config.json"));
        Assert.Contains(key, text, StringComparison.Ordinal);
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"], config: text.Replace(key, changed, StringComparison.Ordinal)));
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);

        Assert.Equal(3, model.Layers.Count);
    }

    [Fact]
    public void A_bias_that_the_config_does_not_switch_on_is_named_rather_than_left_out()
    {
        using var oracle = new Oracle("qwen2_moe");
        using var checkpoint = Changed(oracle, "\"norm_topk_prob\": false", "\"norm_topk_prob\": false, \"qkv_bias\": false");
        var error = Assert.Throws<InputException>(() => MoeTransformer.Load(checkpoint, Oracle.Float32));

        Assert.Contains("'model.layers.0.self_attn.k_proj.bias' is in the checkpoint", error.What, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void In_the_spelling_of_transformers_5_a_family_computes_the_same_and_is_cut_in_that_spelling(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var checkpoint = WithConfig(oracle, TransformersFive(oracle));
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var batch = TokenBatch.Of(oracle.Sequences("base"), CPU);
        using var expected = oracle.Tensor("base.logits");
        using var logits = ForwardPass.Logits(model, batch);
        Close.Absolute(expected, logits, oracle.Tolerance("logits_atol"));

        var shape = ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config);
        var (layer, half) = (shape.MoeLayers[0], shape.Experts[0] / shape.Groups);
        SeerMoe.Pruning.CheckpointPruner.Prune(checkpoint, new(null, null, null, null, null,
            [.. shape.MoeLayers.Select(moe => new SeerMoe.Pruning.LayerPlan(moe, null, [.. Enumerable.Range(0, shape.Experts[0]).Where(expert => expert % half > 0)], null))]), _folder["pruned"]);
        using var pruned = Checkpoint.Open(_folder["pruned"]);
        Assert.Equal(shape.Experts[0] - shape.Groups, ArchitectureCatalog.For(pruned.Config).Shape(pruned.Config).ExpertsOf(layer));
    }

    /// <summary>What transformers 5.12.1 makes of these configs when it saves them: other names, rotary keys in one object, keys of its own.</summary>
    private static string TransformersFive(Oracle oracle)
    {
        var config = JsonNode.Parse(File.ReadAllText(oracle.Checkpoint.Config.Path))!.AsObject();
        var rope = config["rope_parameters"]?.DeepClone().AsObject() ?? config["rope_scaling"]?.DeepClone().AsObject() ?? [];
        rope["rope_type"] = (rope["rope_type"] ?? rope["type"])?.ToString() ?? "default";
        rope["rope_theta"] ??= config["rope_theta"]!.DeepClone();
        if (config["partial_rotary_factor"] is { } share)
        {
            rope["partial_rotary_factor"] = share.DeepClone();
        }

        foreach (var old in (string[])["rope_theta", "rope_scaling", "partial_rotary_factor"])
        {
            config.Remove(old);
        }

        config["rope_parameters"] = rope;
        Rename("torch_dtype", "dtype");
        switch (config["model_type"]!.ToString())
        {
            case "qwen3_moe":
                Rename("num_experts", "num_local_experts");
                break;
            case "qwen2_moe":
                config["qkv_bias"] = true;
                config["sliding_window"] = 0;
                config["layer_types"] = new JsonArray([.. Enumerable.Repeat("full_attention", 4).Select(type => (JsonNode)type)]);
                break;
            case "deepseek_v2" or "deepseek_v3":
                (config["head_dim"], config["qk_head_dim"], config["mlp_bias"]) = (8, 16, false);
                break;
            case "minimax_m2":
                config.Remove("rotary_dim"); // half of the head, which transformers keeps as a share
                rope["partial_rotary_factor"] = 0.5;
                break;
            case "mixtral":
                config["router_jitter_noise"] = 0.0;
                break;
        }

        return config.ToJsonString();

        void Rename(string old, string name)
        {
            if (config.Remove(old, out var value))
            {
                config[name] = value;
            }
        }
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
        foreach (var file in Directory.EnumerateFiles(oracle.Folder, "model*"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return Checkpoint.Open(folder);
    }
}
