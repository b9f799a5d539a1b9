using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Devices;

/// <summary>What holds on the CPU holds on a GPU. These are there where SEER_TEST_DEVICE names one.</summary>
[Trait("Needs", "gpu")]
public sealed class OnADevice : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [GpuTheory]
    [MemberData(nameof(Oracle.WholeCases), MemberType = typeof(Oracle))]
    public void Logits_are_those_of_the_reference(string fixture, string caseName)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, TestDevice.Float32);
        using var batch = TokenBatch.Of(oracle.Sequences(caseName), model.Device);
        using var scope = NewDisposeScope();

        var logits = ForwardPass.Logits(model, batch) * batch.Real.unsqueeze(-1);

        Close.Absolute(oracle.Tensor($"{caseName}.logits"), logits.cpu(), oracle.Tolerance("logits_atol"));
    }

    [GpuTheory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void In_bfloat16_they_stay_near_it(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, TestDevice.Float32 with { Type = ComputeType.BFloat16 });
        using var batch = TokenBatch.Of(oracle.Sequences("base"), model.Device);
        using var scope = NewDisposeScope();

        var expected = oracle.Tensor("base.logits");
        var logits = ForwardPass.Logits(model, batch).cpu();

        Assert.True(logits.isfinite().all().item<bool>());
        Assert.InRange((logits - expected).abs().median().item<float>() / expected.abs().mean().item<float>(), 0, 0.05);
    }

    [GpuTheory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void A_count_has_the_integers_of_the_cpu_and_the_same_bytes_twice(string fixture)
    {
        using var oracle = new Oracle(fixture);
        var data = new TextSource(oracle.WriteTokens("right_pad", _folder), TextFormat.Tokens);
        ExpertStatistics Count(Compute compute) => Counting.Count(oracle.Checkpoint, data, new CountOptions { Batch = 2 }, compute);
        byte[] Bytes(string name)
        {
            StatisticsFile.Write(Directory.CreateDirectory(_folder[name]).FullName, Count(TestDevice.Float32));
            return File.ReadAllBytes(_folder[$"{name}/statistics.safetensors"]);
        }

        foreach (var (cpu, device) in Count(Oracle.Float32).Layers.Zip(Count(TestDevice.Float32).Layers))
        {
            Assert.Equal(cpu.Actual, device.Actual);
            Assert.Equal(cpu.CoActivation, device.CoActivation);
            Close.Relative(cpu.Soft, device.Soft, 1e-5);
            Close.Relative(cpu.Norm, device.Norm, 1e-4);
        }

        Assert.Equal(Bytes("one"), Bytes("two"));
    }

    [GpuTheory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void A_streamed_model_has_the_bits_of_the_resident_one(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var resident = MoeTransformer.Load(oracle.Checkpoint, TestDevice.Float32);
        using var streamed = MoeTransformer.Load(oracle.Checkpoint, TestDevice.Float32, residency: Residency.Streamed);
        using var batch = TokenBatch.Of(oracle.Sequences("left_pad"), resident.Device);
        using var scope = NewDisposeScope();

        Assert.Equal(TestDevice.IsCuda, streamed.Layers is StagedLayers);
        for (var pass = 0; pass < 3; pass++)
        {
            Assert.Equal(0, Close.Difference(ForwardPass.Logits(resident, batch).cpu(), ForwardPass.Logits(streamed, batch).cpu()));
        }
    }

    [GpuTheory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void A_model_that_is_spread_has_the_bits_of_the_whole_one(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var whole = MoeTransformer.Load(oracle.Checkpoint, TestDevice.Float32);
        var last = TestDevice.IsCuda && cuda.device_count() > 1 ? new Device(TorchSharp.DeviceType.CUDA, 1) : whole.Device;
        Device[] devices = [.. whole.Devices.Select((device, layer) => layer == 0 ? device : last)];
        using var spread = MoeTransformer.Load(oracle.Checkpoint, TestDevice.Float32, residency: Residency.Resident with { Devices = devices });
        using var batch = TokenBatch.Of(oracle.Sequences("right_pad"), whole.Device);
        using var scope = NewDisposeScope();

        Assert.Equal(0, Close.Difference(ForwardPass.Logits(whole, batch).cpu(), ForwardPass.Logits(spread, batch).cpu()));
    }

    [GpuTheory]
    [MemberData(nameof(Oracle.TrainedNames), MemberType = typeof(Oracle))]
    public void Two_trainings_and_what_they_score_have_the_same_bytes(string fixture)
    {
        using var oracle = new Oracle(fixture);
        var data = new TextSource(oracle.WriteTokens("base", _folder), TextFormat.Tokens);
        (byte[][] Weights, string Log, string Scores) Run(string name)
        {
            var output = Directory.CreateDirectory(_folder[name]).FullName;
            Regularizing.Regularize(oracle.Checkpoint, data, TrainingOfTheFixtures.AsTheReference, TestDevice.Float32, output);
            using var tuned = Checkpoint.Open(Path.Combine(output, "checkpoint"));
            var scores = Evaluating.Evaluate(tuned, [new EvalTask("tokens", TaskForm.Perplexity, data)], mask: null, new EvaluateOptions(), TestDevice.Float32);
            return ([.. Directory.GetFiles(tuned.Folder, "*.safetensors").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)], File.ReadAllText(Path.Combine(output, "training.jsonl")), SeerJson.Text(scores.Results));
        }

        var (one, two) = (Run("one"), Run("two"));

        Assert.Equal(one.Weights, two.Weights);
        Assert.Equal((one.Log, one.Scores), (two.Log, two.Scores));
    }

    [GpuFact]
    public void A_full_device_halves_the_batch_and_counts_the_same()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        TokenSequence[] sequences = [.. Enumerable.Range(0, 2048).Select(n => new TokenSequence([.. Enumerable.Range(n, 128).Select(token => token % 256)]))];
        var notices = new List<string>();

        // 2048 x 128 tokens make more than a gigabyte in a layer; less is left free. (The CPU's memory stays as it is.)
        var halved = Counted(leaving: 400L << 20);
        Assert.Equal(TestDevice.IsCuda, notices.Count > 0);
        var seen = notices.Count;
        var whole = Counted(leaving: long.MaxValue);
        Assert.Equal(seen, notices.Count);
        foreach (var (a, b) in whole.Zip(halved))
        {
            Assert.Equal(a.Tokens, b.Tokens);
            Assert.Equal(a.Actual.Sum(), b.Actual.Sum());
            Close.Relative(a.Actual, b.Actual, 1e-3); // a near tie may fall to the other side in a batch of another size
            Close.Relative(a.Soft, b.Soft, 1e-5);
        }

        LayerStatistics[] Counted(long leaving)
        {
            using var model = MoeTransformer.Load(checkpoint, TestDevice.Float32);
            model.Limit.Told = notices.Add;
            List<Tensor> filling = [.. Filling(leaving)];
            LayerStatistics[] layers = [new(0, 4), new(1, 4)];
            using var inference = inference_mode();
            using var wave = new Wave(model.Residency);
            wave.Add(new Pass(TokenBatch.Of(sequences, model.Device)));
            ForwardPass.Run(model, wave, new ExpertCounter(layers));
            filling.ForEach(tensor => tensor.Dispose());
            return layers;
        }
    }

    private static IEnumerable<Tensor> Filling(long leaving)
    {
        while (TestDevice.Float32.Device.Memory() is [var first, ..] && first.FreeBytes - leaving is var bytes and > 1 << 20)
        {
            yield return empty(Math.Min(bytes, 1L << 30), ScalarType.Byte, TestDevice.Torch);
        }
    }
}
