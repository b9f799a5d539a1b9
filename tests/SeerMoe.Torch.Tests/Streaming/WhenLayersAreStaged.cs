using System.Runtime.InteropServices;
using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Tests.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Streaming;

/// <summary>Weights that are copied beside the computation are there when they are used, and pinned memory is not filled again too early.</summary>
public sealed class WhenLayersAreStaged : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Every_logit_is_that_of_the_resident_model(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var scope = NewDisposeScope();
        using var batch = TokenBatch.Of(oracle.Sequences("right_pad"), CPU);
        var cuda = FakeCuda.Fresh();
        foreach (var type in (ComputeType[])[ComputeType.Float32, ComputeType.BFloat16])
        {
            using var resident = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32 with { Type = type });
            using (var staged = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32 with { Type = type, Cuda = cuda }, residency: Residency.Streamed))
            {
                Assert.IsType<StagedLayers>(staged.Layers);
                for (var pass = 0; pass < 2; pass++)
                {
                    Assert.Equal(0, Close.Difference(ForwardPass.Logits(resident, batch), ForwardPass.Logits(staged, batch)));
                }
            }

            Assert.Equal(0, FakeCuda.Alive);
        }
    }

    [Fact]
    public void Copies_wait_for_the_layer_whose_place_they_take()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        using var staged = MoeTransformer.Load(checkpoint, Oracle.Float32 with { Cuda = FakeCuda.Fresh() }, residency: Residency.Streamed);
        using var batch = TokenBatch.Of([new([1, 2, 3])], CPU);
        using var first = ForwardPass.Hidden(staged, batch);
        using var second = ForwardPass.Hidden(staged, batch);

        // The second time every place is there: a layer is one following, its copies and their mark, and the computation waits for that.
        var calls = FakeCuda.Calls;
        var start = calls.Select((call, i) => (call, i)).Last(one => one.call == "record compute" && calls.Take(one.i).Count(call => call == "compute waits") == 2).i;
        string[] layer = ["record compute", "copies wait", .. Enumerable.Repeat<string[]>(["copy", "record copies"], 19).SelectMany(pair => pair), "record copies"];
        Assert.Equal([.. layer, "compute waits", .. layer, "compute waits"], calls.Skip(start));
    }

    [Fact]
    public void Two_layers_are_on_the_device_however_many_there_are()
    {
        var config = PicoCheckpoint.ConfigText().Replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 5", StringComparison.Ordinal);
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"], config: config));
        using var resident = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var staged = MoeTransformer.Load(checkpoint, Oracle.Float32 with { Cuda = FakeCuda.Fresh() }, residency: Residency.Streamed);
        using var batch = TokenBatch.Of([new([1, 2, 3])], CPU);
        using var expected = ForwardPass.Logits(resident, batch);
        using var actual = ForwardPass.Logits(staged, batch);

        Assert.Equal(0, Close.Difference(expected, actual));
        Assert.Equal(2 * 19, ((StagedLayers)staged.Layers).Places);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(4096)]
    public void Pieces_of_any_size_give_the_same_tensor(long pieceBytes)
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        using var staging = new WeightStaging(FakeCuda.Fresh(), CPU, pieceBytes);
        var view = checkpoint.Tensor("model.layers.0.self_attn.q_proj.weight");
        using var expected = TensorBytes.Load(view, ScalarType.BFloat16, CPU);
        using var actual = zeros_like(expected);

        staging.Follow();
        staging.Copy(view, actual);
        staging.Mark();
        staging.Await();

        Assert.Equal(0, Close.Difference(expected, actual));
    }

    [Fact]
    public void What_the_runtime_refuses_is_said_in_its_words()
    {
        var cuda = FakeCuda.Fresh();

        Assert.Equal(2L << 30, cuda.FreeBytes(2));
        Assert.Equal("CUDA error: out of memory", Assert.Throws<ExternalException>(() => cuda.FreeBytes(3)).Message);
    }
}
