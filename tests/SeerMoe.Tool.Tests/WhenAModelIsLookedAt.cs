using System.Text.Json.Nodes;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public sealed class WhenAModelIsLookedAt : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Mixtral8x7B => _folder.Write(
        "config.json",
        """
        {
          "model_type": "mixtral", "vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32, "torch_dtype": "bfloat16",
          "num_attention_heads": 32, "num_key_value_heads": 8, "num_local_experts": 8, "num_experts_per_tok": 2, "max_position_embeddings": 32768
        }
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_config_alone_tells_what_it_costs()
    {
        var sheet = Seer.Run("inspect", Mixtral8x7B, "--config-only");

        Assert.Equal((0, ""), (sheet.ExitCode, sheet.Error));
        Assert.Equal(
            """
            family                 mixtral
            layers                 32
            experts                8 a layer
            shared experts         0
            top-K                  2
            dtype                  BF16
            parameters             46,702,792,704
            active parameters      12,879,925,248
            parameters in experts  45,097,156,608
            bytes                  93,405,585,408
            FLOPs a token          26,570,915,840 (forward, mean over a sequence of 4,096 tokens)

            """,
            sheet.Output);
    }

    [Fact]
    public void With_six_of_eight_experts_kept_both_ways_of_counting_routers_are_told()
    {
        var sheet = Seer.Run("inspect", Mixtral8x7B, "--config-only", "--keep", "6", "--json");

        var json = JsonNode.Parse(sheet.Output)!;
        Assert.Equal(35_428_503_552, (long)json["parameters_routers_uncut"]!);
        Assert.Equal(35_428_503_552 - (32 * 2 * 4096), (long)json["parameters"]!);
        Assert.All(json["experts"]!.AsArray(), count => Assert.Equal(6, (int)count!));
    }

    [Theory]
    [InlineData("1", "fewer than the 2 that every token is sent to")]
    [InlineData("0", "--keep must be at least 1")]
    public void A_number_to_keep_that_can_not_be_is_refused(string keep, string what) =>
        Assert.Contains(what, Seer.Run("inspect", Mixtral8x7B, "--config-only", "--keep", keep).Error, StringComparison.Ordinal);

    [Fact]
    public void A_longer_context_costs_more()
    {
        static long Flops(string config, string context) =>
            (long)JsonNode.Parse(Seer.Run("inspect", config, "--config-only", "--context", context, "--json").Output)!["flops_per_token"]!;

        // 32 layers, half of the keys, 32 heads of 128, scores and values
        Assert.Equal(32L * 2 * 5000 * 32 * 256, Flops(Mixtral8x7B, "20000") - Flops(Mixtral8x7B, "10000"));
    }

    [Fact]
    public void Lint_says_ok_with_its_reason_and_exits_with_zero()
    {
        var lint = Seer.Run("lint", Mixtral8x7B, "--for", "llama.cpp");

        Assert.Equal(0, lint.ExitCode);
        Assert.Contains("ok       llama.cpp, equal-counts: Every layer has 8 experts.\n         GGUF holds one expert_count a model.\n", lint.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Lint_exits_with_3_where_a_runtime_can_not_load_it()
    {
        var lint = Seer.Run("lint", Mixtral8x7B, "--for", "vllm", "--tensor-parallel", "3", "--json");

        Assert.Equal(3, lint.ExitCode);
        Assert.Contains(JsonNode.Parse(lint.Output)!["findings"]!.AsArray(), finding => (string?)finding!["severity"] == "error" && (string?)finding["rule"] == "tensor-parallel-heads");
    }

    [Fact]
    public void A_key_that_is_not_known_stops_a_count_until_the_user_says_it_is_harmless()
    {
        PicoCheckpoint.Write(_folder["model"], config: PicoCheckpoint.ConfigText().Replace("\"bos_token_id\": 256", "\"logit_cap\": 30.0", StringComparison.Ordinal));
        var tokens = _folder.Write("tokens.jsonl", "{\"input_ids\": [1, 2, 3, 4]}\n");
        string[] count = ["count", "--model", _folder["model"], "--data", tokens, "--format", "tokens", "--output", _folder["out"]];

        Seer.Run(count).AssertRefused("The key 'logit_cap' is not known for a mixtral", "config.json", "--ignore-config-key logit_cap");
        Assert.False(Directory.Exists(_folder["out"]));
        Assert.Equal(0, Seer.Run([.. count, "--ignore-config-key", "logit_cap"]).ExitCode);
    }
}
