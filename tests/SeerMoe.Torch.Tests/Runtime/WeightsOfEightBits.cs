using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Runtime;

/// <summary>A pico checkpoint whose attention and experts stand in fp8 blocks of 8, against the same numbers written out in float32.</summary>
public sealed class WeightsOfEightBits : IDisposable
{
    private const int Block = 8;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Plain matrices and those in the order in which they are read.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public void Compute_what_their_codes_and_scales_mean(long? packFrom)
    {
        Write();
        using var packed = Checkpoint.Open(_folder["packed"]);
        using var plain = Checkpoint.Open(_folder["plain"]);
        using var batch = TokenBatch.Of([new TokenSequence([1, 2, 3, 4, 5])], CPU);
        using var ofPacked = MoeTransformer.Load(packed, Oracle.Float32, packFrom: packFrom);
        using var ofPlain = MoeTransformer.Load(plain, Oracle.Float32, packFrom: packFrom);

        Assert.Equal(0, Close.Difference(ForwardPass.Logits(ofPacked, batch), ForwardPass.Logits(ofPlain, batch)));
        Assert.Equal(Footprint.Of(plain).Parameters, Footprint.Of(packed).Parameters);
    }

    [Fact]
    public void Can_only_have_their_routers_tuned()
    {
        Write();
        using var packed = Checkpoint.Open(_folder["packed"]);
        var data = new TextSource(_folder.Write("text.txt", string.Concat(Enumerable.Repeat("The cat sat on the mat. ", 20))), TextFormat.Text);
        var options = new TrainOptions { Steps = 1, Batch = 1, Window = 16 };

        Assert.Contains("quantised", Assert.Throws<InputException>(() => Regularizing.Regularize(packed, data, options, Oracle.Float32, _folder.Path)).What, StringComparison.Ordinal);

        Regularizing.Regularize(packed, data, options with { Tune = Tune.Routers, LearningRate = 1e-2 }, Oracle.Float32, _folder.Path);
        using var tuned = Checkpoint.Open(_folder["checkpoint"]);
        var changed = packed.TensorNames.Where(name => !Bytes(packed.Tensor(name)).SequenceEqual(Bytes(tuned.Tensor(name))));
        Assert.Equal(["model.layers.0.block_sparse_moe.gate.weight", "model.layers.1.block_sparse_moe.gate.weight"], changed);
    }

    [Fact]
    public void Whose_scales_do_not_fit_are_refused_by_name()
    {
        Write();
        var path = _folder["packed/config.json"];
        File.WriteAllText(path, File.ReadAllText(path).Replace("[8, 8]", "[4, 8]", StringComparison.Ordinal));
        using var packed = Checkpoint.Open(_folder["packed"]);

        Assert.Contains("weight_scale_inv' is [", Assert.Throws<InputException>(() => MoeTransformer.Load(packed, Oracle.Float32)).What, StringComparison.Ordinal);
    }

    /// <summary>Every code but NaN, scales that differ from block to block.</summary>
    private void Write()
    {
        PicoCheckpoint.Write(_folder["packed"]);
        PicoCheckpoint.Write(_folder["plain"]);
        File.Delete(_folder["packed/model.safetensors"]);
        var config = HfConfig.Read(_folder["plain/config.json"]);
        File.WriteAllText(_folder["packed/config.json"], PicoCheckpoint.ConfigText().Replace(
            "\"bos_token_id\": 256", "\"quantization_config\": {\"quant_method\": \"fp8\", \"fmt\": \"e4m3\", \"weight_block_size\": [8, 8]}", StringComparison.Ordinal));

        using var old = SafetensorsFile.Open(_folder["plain/model.safetensors"]);
        var packed = new List<(TensorSpec Spec, byte[] Bytes)>();
        var plain = new List<(TensorSpec Spec, byte[] Bytes)>();
        var code = 0;
        foreach (var tensor in ArchitectureCatalog.For(config).Tensors(config))
        {
            var bytes = Bytes(old.Tensor(tensor.Name));
            var spec = new TensorSpec(tensor.Name, DType.Float32, tensor.Shape);
            if (!tensor.Name.Contains("proj", StringComparison.Ordinal) && !tensor.Name.Contains("experts", StringComparison.Ordinal))
            {
                packed.Add((spec, bytes));
                plain.Add((spec, bytes));
                continue;
            }

            var (rows, columns) = ((int)tensor.Shape[0], (int)tensor.Shape[1]);
            var (down, across) = ((rows + Block - 1) / Block, (columns + Block - 1) / Block);
            float[] scales = [.. Enumerable.Range(0, down * across).Select(block => 1f / (1 << (block % 5 + 4)))];
            byte[] codes = [.. Enumerable.Range(0, rows * columns).Select(_ => (byte)(code++ * 7 % 256)).Select(value => (value & 127) > 100 ? (byte)(value & 0x9F) : value)];
            float[] values = [.. codes.Select((value, i) => Value(value) * scales[(i / columns / Block * across) + (i % columns / Block)])];
            packed.Add((spec with { DType = DType.Float8E4M3 }, codes));
            packed.Add((new TensorSpec($"{tensor.Name}_scale_inv", DType.Float32, [down, across]), MemoryMarshal.AsBytes<float>(scales).ToArray()));
            plain.Add((spec, MemoryMarshal.AsBytes<float>(values).ToArray()));
        }

        old.Dispose();
        File.Delete(_folder["plain/model.safetensors"]);
        WriteAll(_folder["packed/model.safetensors"], packed);
        WriteAll(_folder["plain/model.safetensors"], plain);
    }

    private static void WriteAll(string path, List<(TensorSpec Spec, byte[] Bytes)> tensors)
    {
        using var writer = SafetensorsWriter.Create(path, [.. tensors.Select(tensor => tensor.Spec)]);
        tensors.ForEach(tensor => writer.Write(tensor.Bytes));
        writer.Complete();
    }

    /// <summary>e4m3 by way of half precision, which has one bit of exponent and seven of mantissa more: the other way round than the code under test.</summary>
    private static float Value(byte code)
    {
        Span<byte> half = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(half, (ushort)(((code & 0x80) << 8) | ((code & 0x7F) << 7)));
        return (float)BinaryPrimitives.ReadHalfLittleEndian(half) * 256; // exponents count from 15, not from 7
    }

    private static byte[] Bytes(TensorView tensor) => tensor.Slice(0, (int)tensor.ByteCount).ToArray();
}
