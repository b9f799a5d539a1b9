using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Models;

public class ADecoderOnSmallInputs
{
    private static readonly int[] Text = [10, 20, 30, 40, 50, 60, 70, 80];

    [Fact]
    public void Never_looks_ahead()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"]));
        using var all = Logits(checkpoint, Text);
        using var changed = Logits(checkpoint, [.. Text[..^1], 99]);

        Close.Absolute(all.narrow(1, 0, 7), changed.narrow(1, 0, 7), 1e-6);
        Assert.True(Close.Difference(all.narrow(1, 7, 1), changed.narrow(1, 7, 1)) > 1e-3);
    }

    [Fact]
    public void With_a_sliding_window_of_one_attention_layer_forgets_what_lies_further_back()
    {
        using var folder = new TemporaryFolder();
        var config = PicoCheckpoint.ConfigText(slidingWindow: 2).Replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1", StringComparison.Ordinal);
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"], config: config));
        using var all = Logits(checkpoint, Text);
        using var otherStart = Logits(checkpoint, [.. Text[..6].Select(id => id + 1), .. Text[6..]]);
        using var otherBefore = Logits(checkpoint, [.. Text[..6], Text[6] + 1, Text[7]]);

        // Query i sees key j iff i - j < 2: itself and the one before.
        Close.Absolute(all.narrow(1, 7, 1), otherStart.narrow(1, 7, 1), 1e-6);
        Assert.True(Close.Difference(all.narrow(1, 7, 1), otherBefore.narrow(1, 7, 1)) > 1e-3);
    }

    [Fact]
    public void With_tied_embeddings_needs_no_head_of_its_own()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"], config: PicoCheckpoint.ConfigText(tied: true)));
        Assert.False(checkpoint.Has("lm_head.weight"));

        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var batch = TokenBatch.Of([new TokenSequence(Text)], CPU);
        var embedding = model.Weights.Single(weight => weight.Key == "model.embed_tokens.weight").Value;
        using var hidden = ForwardPass.Hidden(model, batch);
        using var logits = ForwardPass.Logits(model, batch);
        Close.Absolute(hidden.matmul(embedding.transpose(0, 1)), logits, 1e-5);
    }

    [Fact]
    public void Runs_a_line_that_is_all_padding()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"]));
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var batch = TokenBatch.Of([new TokenSequence([1, 2], [false, false])], CPU);
        using var logits = ForwardPass.Logits(model, batch);

        Assert.True(logits.isfinite().all().item<bool>());
    }

    [Fact]
    public void Gives_a_padded_sequence_the_logits_it_has_alone()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"], config: PicoCheckpoint.ConfigText(slidingWindow: 3)));
        using var alone = Logits(checkpoint, Text[..5]);
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);
        bool[] leftMask = [false, false, false, true, true, true, true, true];
        using var batch = TokenBatch.Of([new TokenSequence(Text), new TokenSequence(Text[..5]), new TokenSequence([0, 0, 0, .. Text[..5]], leftMask)], CPU);
        using var together = ForwardPass.Logits(model, batch);

        Close.Absolute(alone, together.narrow(0, 1, 1).narrow(1, 0, 5), 1e-5);
        Close.Absolute(alone, together.narrow(0, 2, 1).narrow(1, 3, 5), 1e-5);
    }

    [Fact]
    public void Names_the_tensor_whose_shape_the_config_contradicts()
    {
        using var folder = new TemporaryFolder();
        PicoCheckpoint.Write(folder["model"]);
        var path = folder["model/config.json"];
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"intermediate_size\": 24", "\"intermediate_size\": 20", StringComparison.Ordinal));
        using var checkpoint = Checkpoint.Open(folder["model"]);

        var error = Assert.Throws<InputException>(() => MoeTransformer.Load(checkpoint, Oracle.Float32));
        Assert.Contains("model.layers.0.block_sparse_moe.experts.0.w1.weight is [24, 16], config.json calls for [20, 16]", error.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 4.0}", "dynamic")]
    [InlineData("\"rope_parameters\": {\"rope_type\": \"llama3\", \"rope_theta\": 1e6}", "llama3")]
    [InlineData("\"hidden_act\": \"gelu\"", "gelu")]
    public void Refuses_a_config_key_that_it_would_otherwise_ignore(string key, string named)
    {
        var config = HfConfig.Parse(PicoCheckpoint.ConfigText().Replace("\"bos_token_id\": 256", key, StringComparison.Ordinal), "config.json");

        Assert.Contains(named, Assert.Throws<InputException>(() => ModelFamilies.For(config)).What, StringComparison.Ordinal);
    }

    private static Tensor Logits(Checkpoint checkpoint, int[] ids)
    {
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var batch = TokenBatch.Of([new TokenSequence(ids)], CPU);
        return ForwardPass.Logits(model, batch);
    }
}
