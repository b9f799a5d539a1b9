using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Streaming;

/// <summary>A model that is too large for one device goes to several, by layers.</summary>
public sealed class WhenAModelIsSpread : IDisposable
{
    private static readonly PassSize Size = new(1, 16);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(new long[] { 10 }, new long[] { 3, 3, 3 }, new[] { 0, 0, 0 })]
    [InlineData(new long[] { 10, 10, 4 }, new long[] { 3, 3, 3, 3, 3, 2 }, new[] { 0, 0, 0, 1, 1, 1 })]
    [InlineData(new long[] { 4, 20 }, new long[] { 3, 3, 3 }, new[] { 1, 1, 1 })]
    [InlineData(new long[] { 9, 9 }, new long[] { 3, 3, 3 }, new[] { 0, 0, 0 })]
    [InlineData(new long[] { 2, 6, 4 }, new long[] { 3, 3, 4 }, new[] { 1, 1, 2 })]
    [InlineData(new long[] { -5, 6, 4 }, new long[] { 3, 3, 4 }, new[] { 1, 1, 2 })]
    [InlineData(new long[] { 5, 5 }, new long[] { 3, 3, 3 }, null)]
    [InlineData(new long[] { 2, 2, 2 }, new long[] { 3 }, null)]
    public void Layers_go_to_devices_in_order(long[] room, long[] layers, int[]? places) => Assert.Equal(places, LayerPlacement.Of(room, layers));

    [Fact]
    public void It_is_whole_on_one_device_else_spread_else_streamed_else_refused()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var memory = PassMemory.Of(checkpoint, Oracle.Float32);
        Device[] two = [new("cuda:0"), new("cuda:1")];
        Residency Placed(params long[] free) => memory.Place([.. two.Zip(free, (device, bytes) => new DeviceMemory(device, bytes))], Size);
        var besides = (512L << 20) + memory.Activations(Size);

        Assert.Equal([0, 0], Indices(Placed(1L << 40, 1L << 40)));
        Assert.Equal([1, 1], Indices(Placed(besides, 1L << 40)));
        var half = besides + (memory.WeightBytes * 7 / 10);
        Assert.Equal([0, 1], Indices(Placed(half, half)));
        Assert.Equal(Residence.Resident, Placed(half, half).Layers);

        Assert.Equal([0, 1], Indices(memory.Place([new(two[0], half), new(two[1], half)], Size with { Sequences = 1000 })));
        var streamed = memory.Place([new(two[0], besides), new(two[1], half)], Size);
        Assert.Equal((Residence.Streamed, 1), (streamed.Layers, streamed.Devices![0].index));
        var refused = Assert.Throws<InputException>(() => Placed(besides, besides));
        Assert.StartsWith("cuda:0, of which", refused.Where, StringComparison.Ordinal);
        Assert.Contains("One sequence of 16 tokens takes", refused.What, StringComparison.Ordinal);

        static IEnumerable<int> Indices(Residency placed) => placed.Devices!.Select(device => device.index);
    }

    [Fact]
    public void The_numbers_stay_the_same()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"], config: PicoCheckpoint.ConfigText(tied: true)));
        using var whole = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var spread = MoeTransformer.Load(checkpoint, Oracle.Float32, residency: Residency.Resident with { Devices = [CPU, CPU] });
        using var batch = TokenBatch.Of([new([1, 2, 3]), new([4])], CPU);
        using var scope = NewDisposeScope();

        Assert.Equal(0, Close.Difference(ForwardPass.Logits(whole, batch), ForwardPass.Logits(spread, batch)));
    }

    [Fact]
    public void A_batch_goes_along_whole()
    {
        using var batch = TokenBatch.Of([new([1, 2, 3]), new([4])], CPU);
        using var moved = batch.Moved(META);

        Assert.Null(batch.Moved(CPU));
        Assert.All((Tensor[])[moved!.Ids, moved.Real, moved.Predicted, moved.RealRowsOrNull!], tensor => Assert.Equal(TorchSharp.DeviceType.META, tensor.device.type));
    }
}
