using System.Text.Json;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Training;

public sealed class WhenLowRankMatricesAreTrained : IDisposable
{
    private static readonly TrainOptions Options = new() { Steps = 4, Batch = 2, Window = 24, LearningRate = 1e-2, Tune = Tune.Lora, Lora = new LoraOptions(Rank: 4, Alpha: 8) };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void In_every_family_the_merged_checkpoint_computes_what_was_trained(string fixture)
    {
        using var oracle = new Oracle(fixture);
        if (Quantization.Of(oracle.Checkpoint.Config) != Quantized.No)
        {
            return;
        }

        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        using var batch = TokenBatch.Of(oracle.Sequences("base"), CPU);
        using var before = ForwardPass.Logits(model, batch);
        using var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(oracle.Checkpoint.Config), Options);
        using var untouched = ForwardPass.Logits(model, batch);
        Assert.Equal(0, Close.Difference(before, untouched)); // B is zero at first

        using var trainer = new Trainer(model, trained, Options);
        var loss = trainer.Step(batch, step: 0).Loss;
        trainer.Step(batch, step: 1);
        using var after = ForwardPass.Logits(model, batch);
        Assert.True(trainer.Step(batch, step: 2).Loss < loss);
        using var further = ForwardPass.Logits(model, batch);
        TunedCheckpoint.Save(oracle.Checkpoint, model, trained, _folder["tuned"]);
        using var tuned = Checkpoint.Open(_folder["tuned"]);
        using var reloaded = MoeTransformer.Load(tuned, Oracle.Float32);
        using var saved = ForwardPass.Logits(reloaded, batch);

        Assert.True(Close.Difference(before, after) > 1e-3);

        // Checkpoints in bfloat16 round what was added.
        Close.Absolute(further, saved, oracle.Checkpoint.Shards[0].File.Header.Tensors.All(tensor => tensor.Spec.DType == DType.Float32) ? 1e-4 : 0.5);
    }

    [Theory]
    [InlineData(LoraTargets.Attention, "self_attn")]
    [InlineData(LoraTargets.Routers, "gate.weight")]
    [InlineData(LoraTargets.Experts, "experts")]
    public void Only_its_targets_change(LoraTargets targets, string changed)
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        using var tuned = Tuned(checkpoint, Options with { Lora = Options.Lora! with { Targets = targets } });

        foreach (var name in checkpoint.TensorNames)
        {
            Assert.Equal(!name.Contains(changed, StringComparison.Ordinal), Values(checkpoint, name).SequenceEqual(Values(tuned, name)));
        }
    }

    [Fact]
    public void An_adapter_has_the_layout_of_peft()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        using var tuned = Tuned(checkpoint, Options with { Lora = Options.Lora! with { Save = LoraSave.Adapter, Targets = LoraTargets.Attention | LoraTargets.Experts } });
        using var adapter = SafetensorsFile.Open(_folder["out/adapter/adapter_model.safetensors"]);
        using var config = JsonDocument.Parse(File.ReadAllText(_folder["out/adapter/adapter_config.json"]));

        Assert.Equal(2 * 2 * (4 + (4 * 3)), adapter.Header.Tensors.Length);
        Assert.Equal([4, 16], adapter.Tensor("base_model.model.model.layers.1.block_sparse_moe.experts.3.w1.lora_A.weight").Spec.Shape);
        Assert.Equal([24, 4], adapter.Tensor("base_model.model.model.layers.1.block_sparse_moe.experts.3.w1.lora_B.weight").Spec.Shape);
        Assert.Equal("LORA", config.RootElement.GetProperty("peft_type").GetString());
        Assert.Equal(4, config.RootElement.GetProperty("r").GetInt32());
        var modules = new System.Text.RegularExpressions.Regex($"^{config.RootElement.GetProperty("target_modules").GetString()}$");
        Assert.Matches(modules, "model.layers.1.self_attn.q_proj");
        Assert.Matches(modules, "model.layers.0.block_sparse_moe.experts.3.w2");
        Assert.DoesNotMatch(modules, "model.layers.0.block_sparse_moe.gate");

        // W + alpha / r B A is what the merged checkpoint beside it has.
        const string name = "model.layers.0.self_attn.q_proj";
        using var w = TensorBytes.Load(checkpoint.Tensor($"{name}.weight"), ScalarType.Float32, CPU);
        using var a = TensorBytes.Load(adapter.Tensor($"base_model.model.{name}.lora_A.weight"), ScalarType.Float32, CPU);
        using var b = TensorBytes.Load(adapter.Tensor($"base_model.model.{name}.lora_B.weight"), ScalarType.Float32, CPU);
        using var merged = TensorBytes.Load(tuned.Tensor($"{name}.weight"), ScalarType.Float32, CPU);
        Close.Absolute(w + (b.matmul(a) * 2), merged, 1e-6);
    }

    [Fact]
    public void Over_weights_in_bfloat16_matrices_and_moments_are_float32()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32 with { Type = ComputeType.BFloat16 });
        using var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(checkpoint.Config), Options);
        using var trainer = new Trainer(model, trained, Options);
        using var batch = TokenBatch.Of([new TokenSequence([.. Enumerable.Range(1, 40)])], CPU);
        var first = trainer.Step(batch, 0).Loss;
        trainer.Step(batch, 1);

        Assert.True(trainer.Step(batch, 2).Loss < first);
        Assert.All(trained.Parameters, parameter => Assert.Equal(ScalarType.Float32, parameter.Value.dtype));
        Assert.All(model.Weights, weight => Assert.Equal(ScalarType.BFloat16, weight.Value.dtype));
    }

    [Fact]
    public void Dropout_follows_from_seed_step_and_place_and_keeps_the_mean()
    {
        var dropout = new LowRankDropout(0.25, seed: 5);
        using var x = ones(200, 200);
        Assert.Equal(0, Close.Difference(x, dropout.Of(x, 0, 0))); // not begun: evaluation
        dropout.Begin(step: 3, pass: 1);
        using var first = dropout.Of(x, place: 2, expert: 0);
        using var again = dropout.Of(x, place: 2, expert: 0);
        using var elsewhere = dropout.Of(x, place: 3, expert: 0);

        Assert.Equal(0, Close.Difference(first, again));
        Assert.True(Close.Difference(first, elsewhere) > 1);
        Assert.Equal(1, first.mean().item<float>(), 0.02);
    }

    private Checkpoint Tuned(Checkpoint checkpoint, TrainOptions options)
    {
        var folder = Directory.CreateDirectory(_folder["out"]).FullName;
        var data = new TextSource(_folder.Write("train.txt", string.Concat(Enumerable.Range(0, 200).Select(i => $"{i} bottles of beer. "))));
        Regularizing.Regularize(checkpoint, data, options, Oracle.Float32, folder);
        return Checkpoint.Open(Path.Combine(folder, "checkpoint"));
    }

    private static byte[] Values(Checkpoint checkpoint, string name)
    {
        var view = checkpoint.Tensor(name);
        return view.Slice(0, (int)view.ByteCount).ToArray();
    }
}
