using System.Text.Json.Nodes;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Pruning;

/// <summary>Ragged checkpoints carry what transformers needs to load them, and lose it when their layers are equal again.</summary>
public sealed class WhenLayersKeepDifferentNumbers : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_modeling_file_stands_beside_the_weights_and_the_config_points_to_it()
    {
        using var source = Checkpoint.Open(PicoCheckpoint.Write(_folder["source"]));

        CheckpointPruner.Prune(source, Plans.ByHand((0, [0, 2])), _folder["ragged"]);

        var code = File.ReadAllText(_folder["ragged/modeling_seer_mixtral.py"]);
        Assert.Contains("class SeerMixtralForCausalLM(MixtralForCausalLM):", code, StringComparison.Ordinal);
        Assert.Contains("\"num_local_experts\"", code, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", code, StringComparison.Ordinal);
        Assert.Equal("modeling_seer_mixtral.SeerMixtralForCausalLM", Config("ragged")["auto_map"]!["AutoModelForCausalLM"]!.ToString());
    }

    [Fact]
    public void The_sources_own_map_is_replaced_as_a_whole()
    {
        var config = PicoCheckpoint.ConfigText().Replace("\"bos_token_id\": 256", "\"auto_map\": {\"AutoConfig\": \"configuration_x.XConfig\"}", StringComparison.Ordinal);
        PicoCheckpoint.Write(_folder["source"], config: config);
        using var source = Checkpoint.Open(_folder["source"]);

        CheckpointPruner.Prune(source, Plans.ByHand((0, [0, 2])), _folder["ragged"]);

        Assert.Equal(["AutoModelForCausalLM"], Config("ragged")["auto_map"]!.AsObject().Select(entry => entry.Key));
    }

    [Fact]
    public void When_they_are_equal_again_both_are_gone()
    {
        using (var source = Checkpoint.Open(PicoCheckpoint.Write(_folder["source"])))
        {
            CheckpointPruner.Prune(source, Plans.ByHand((0, [0, 2])), _folder["ragged"]);
        }

        using var ragged = Checkpoint.Open(_folder["ragged"]);
        CheckpointPruner.Prune(ragged, Plans.ByHand((1, [1, 3])), _folder["equal"]);

        Assert.False(File.Exists(_folder["equal/modeling_seer_mixtral.py"]));
        Assert.Empty(Config("equal")["auto_map"]!.AsObject());
    }

    [Fact]
    public void A_copy_of_one_keeps_both()
    {
        using (var source = Checkpoint.Open(PicoCheckpoint.Write(_folder["source"])))
        {
            CheckpointPruner.Prune(source, Plans.ByHand((0, [0, 2])), _folder["ragged"]);
        }

        using var ragged = Checkpoint.Open(_folder["ragged"]);
        CheckpointPruner.Prune(ragged, Plans.ByHand(), _folder["copy"]);

        Assert.Equal(File.ReadAllText(_folder["ragged/modeling_seer_mixtral.py"]), File.ReadAllText(_folder["copy/modeling_seer_mixtral.py"]));
        Assert.Equal(File.ReadAllText(_folder["ragged/config.json"]), File.ReadAllText(_folder["copy/config.json"]));
    }

    private JsonObject Config(string checkpoint) => JsonNode.Parse(File.ReadAllText(_folder[$"{checkpoint}/config.json"]))!.AsObject();
}
