using System.Collections.Immutable;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;

namespace SeerMoe.Torch.Tests.Training;

public sealed class WhenACheckpointIsTuned : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        using var first = Tuned(checkpoint, "first", new TrainOptions { Steps = 5, Batch = 2, Window = 16, Seed = 3 });
        using var second = Tuned(checkpoint, "second", new TrainOptions { Steps = 5, Batch = 2, Window = 16, Seed = 3 });

        Assert.Equal(Bytes("first/checkpoint/model.safetensors"), Bytes("second/checkpoint/model.safetensors"));
        Assert.Equal(Bytes("first/training.jsonl"), Bytes("second/training.jsonl"));
        Assert.NotEqual(Bytes("model/model.safetensors"), Bytes("first/checkpoint/model.safetensors"));
    }

    [Theory]
    [InlineData(Tune.Routers, "gate.weight")]
    [InlineData(Tune.Experts, "experts")]
    public void Only_what_was_asked_for_changes(Tune tune, string changed)
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        using var tuned = Tuned(checkpoint, "out", new TrainOptions { Steps = 2, Batch = 4, Window = 32, Tune = tune });

        foreach (var name in checkpoint.TensorNames)
        {
            var same = Values(checkpoint, name).SequenceEqual(Values(tuned, name));
            Assert.Equal(!name.Contains(changed, StringComparison.Ordinal), same);
        }
    }

    [Fact]
    public void A_tensor_that_the_forward_pass_does_not_use_is_carried_along_and_a_tied_head_follows_its_embedding()
    {
        PicoCheckpoint.Write(_folder["plain"]);
        Directory.CreateDirectory(_folder["model"]);
        foreach (var name in (string[])["tokenizer.json", "tokenizer_config.json"])
        {
            File.Copy(_folder[$"plain/{name}"], _folder[$"model/{name}"]);
        }

        // Tied, and yet with a head; and an old export's rotary frequencies.
        File.WriteAllText(_folder["model/config.json"], PicoCheckpoint.ConfigText(tied: true));
        using (var plain = Checkpoint.Open(_folder["plain"]))
        {
            TensorSpec[] tensors = [.. plain.Shards[0].File.Header.Tensors.Select(entry => entry.Spec), new TensorSpec("model.layers.0.self_attn.rotary_emb.inv_freq", DType.Float32, [2])];
            using var writer = SafetensorsWriter.Create(_folder["model/model.safetensors"], tensors);
            foreach (var tensor in tensors[..^1])
            {
                var view = plain.Tensor(tensor.Name);
                writer.Write(view.Slice(0, (int)view.ByteCount));
            }

            writer.Write([1, 2, 3, 4, 5, 6, 7, 8]);
            writer.Complete();
        }

        using var checkpoint = Checkpoint.Open(_folder["model"]);
        using var tuned = Tuned(checkpoint, "out", new TrainOptions { Steps = 2, Batch = 2, Window = 16 });

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Values(tuned, "model.layers.0.self_attn.rotary_emb.inv_freq"));
        Assert.Equal(Values(tuned, "model.embed_tokens.weight"), Values(tuned, "lm_head.weight"));
    }

    [Fact]
    public void Lines_without_a_prediction_are_left_out()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var data = new TextSource(_folder.Write("data.jsonl", "{\"input_ids\": [1, 2, 3], \"attention_mask\": [1, 0, 1]}\n"), TextFormat.Tokens);

        var error = Assert.Throws<InputException>(() => Regularizing.Regularize(checkpoint, data, new TrainOptions(), Oracle.Float32, _folder.Path));
        Assert.Contains("no two real tokens in a row", error.What, StringComparison.Ordinal);
    }

    private Checkpoint Tuned(Checkpoint checkpoint, string output, TrainOptions options)
    {
        var folder = Directory.CreateDirectory(_folder[output]).FullName;
        var data = new TextSource(_folder.Write("train.txt", string.Concat(Enumerable.Range(0, 200).Select(i => $"{i} bottles of beer. "))));
        Regularizing.Regularize(checkpoint, data, options, Oracle.Float32, folder);
        return Checkpoint.Open(Path.Combine(folder, "checkpoint"));
    }

    private ImmutableArray<byte> Bytes(string name) => [.. File.ReadAllBytes(_folder[name])];

    private static byte[] Values(Checkpoint checkpoint, string name)
    {
        var view = checkpoint.Tensor(name);
        return view.Slice(0, (int)view.ByteCount).ToArray();
    }
}
