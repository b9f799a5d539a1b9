using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Tests.Architectures;

public sealed class WhenTheCostOfAModelIsCounted
{
    // hidden 512, inner 1024, 8 layers, 8 experts top-2, 8/4 heads, vocabulary 32,000: 140 M parameters
    private const string Middle =
        """
        {
          "model_type": "mixtral", "vocab_size": 32000, "hidden_size": 512, "intermediate_size": 1024, "num_hidden_layers": 8,
          "num_attention_heads": 8, "num_key_value_heads": 4, "num_local_experts": 8, "num_experts_per_tok": 2
        }
        """;

    [Fact]
    public void A_token_of_512_costs_the_multiplications_counted_by_hand()
    {
        // a layer: q and o 2 x 512^2, k and v 2 x 256 x 512, router 8 x 512, two experts of 3 x 512 x 1024
        const double perLayer = (2 * 512 * 512) + (2 * 256 * 512) + (8 * 512) + (2 * 3 * 512 * 1024);
        const double attention = 2.0 * 256 * 8 * (64 + 64); // half of 512 keys, scores and values of 8 heads of 64
        const double head = 2.0 * 512 * 32000;

        Assert.Equal((8 * ((2 * perLayer) + attention)) + head, Footprint.Of(Config(Middle)).Flops(512));
    }

    [Fact]
    public void A_tied_head_is_multiplied_with_and_a_look_up_is_not()
    {
        var (untied, tied) = (Footprint.Of(Config(Middle)), Footprint.Of(Config(Middle.Replace("{", "{ \"tie_word_embeddings\": true,", StringComparison.Ordinal))));

        Assert.Equal(untied.Flops(512), tied.Flops(512));
        Assert.Equal(untied.Parameters - (512 * 32000), tied.Parameters);
    }

    [Theory]
    [InlineData(512, 256)] // shorter than the window: half of the keys
    [InlineData(1000, 1000 - 500)] // as long as it: the same
    [InlineData(4000, 1000 - 125)] // 1000 keys but for the first 1000 tokens, who see half
    public void Behind_a_window_a_token_meets_no_more_keys(int length, double keys) =>
        Assert.Equal(2 * keys * 3 * (5 + 7), new AttentionCost(Heads: 3, ScoreDim: 5, ValueDim: 7, Window: 1000).Flops(length));

    private static HfConfig Config(string text) => HfConfig.Parse(text, "config.json");
}
