using System.Runtime.InteropServices;
using SeerMoe.Experts;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Streaming;

/// <summary>Each thread takes some sequences of a batch through a layer; nothing but last bits may tell.</summary>
public sealed class WhenABatchIsComputedInParts : IDisposable
{
    private const int Length = 128;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4, 512, 2, 2)]
    [InlineData(4, 512, 1, 1)] // one thread
    [InlineData(4, 256, 4, 2)] // parts of at least 512 tokens
    [InlineData(1, 4096, 2, 1)] // a sequence is not cut
    [InlineData(3, 512, 2, 1)] // one of two threads would wait for half of the time
    [InlineData(5, 512, 2, 2)]
    [InlineData(8, 512, 6, 3)] // of two threads each; of six parts, four would be half the size of two
    [InlineData(4, 2048, 16, 4)]
    [InlineData(4, 2048, 7, 1)]
    [InlineData(32, 2048, 16, 16)]
    [InlineData(2, 8, 2, 1)]
    public void Their_number_follows_from_batch_and_threads(long sequences, long length, int threads, int parts) =>
        Assert.Equal(parts, SequenceParts.PartsOf(sequences, length, threads));

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Each_sequence_is_what_it_is_alone(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var threads = ComputeThreads.Fix(2);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        using var inference = inference_mode();
        var sequences = Sequences(padded: true);
        using var batch = TokenBatch.Of(sequences, CPU);
        Assert.Equal(2, SequenceParts.PartsOf(batch.Sequences, batch.Length, get_num_threads()));
        var record = new RoutingRecord();

        using var together_BSD = ForwardPass.Hidden(model, batch, record);

        for (var b = 0; b < sequences.Length; b++)
        {
            using var alone = TokenBatch.Of([sequences[b]], CPU, wholeLength: Length);
            using var expected_1SD = ForwardPass.Hidden(model, alone);
            using var actual_1SD = together_BSD.narrow(0, b, 1).narrow(1, 0, alone.Length);
            Assert.InRange(Close.Difference(expected_1SD, actual_1SD), 0, 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void A_count_adds_each_token_once_and_gives_the_same_bytes_each_time(string fixture)
    {
        using var oracle = new Oracle(fixture);
        var data = new TextSource(
            _folder.Write("tokens.jsonl", string.Concat(Sequences(padded: true).Select(sequence => $"{{\"input_ids\": [{string.Join(", ", sequence.Ids)}]}}\n"))), TextFormat.Tokens);
        ExpertStatistics Count(string name, int threads)
        {
            using var fixedThreads = ComputeThreads.Fix(threads);
            var counted = Counting.Count(oracle.Checkpoint, data, new CountOptions { Batch = 8 }, Oracle.Float32);
            StatisticsFile.Write(Directory.CreateDirectory(_folder[name]).FullName, counted);
            return counted;
        }

        var (parts, whole) = (Count("parts", threads: 2), Count("whole", threads: 1));
        Count("again", threads: 2);

        Assert.Equal(File.ReadAllBytes(_folder["parts/statistics.safetensors"]), File.ReadAllBytes(_folder["again/statistics.safetensors"]));
        Assert.Equal(whole.Tokens, parts.Tokens);
        foreach (var (a, b) in whole.Layers.Zip(parts.Layers))
        {
            Assert.Equal(a.Tokens, b.Tokens);
            Assert.Equal(a.Actual.Sum(), b.Actual.Sum());
            Assert.All(a.Soft.Zip(b.Soft), pair => Assert.Equal(pair.First, pair.Second, 1e-2));
        }
    }

    [Fact]
    public void An_observer_is_told_of_all_parts_in_order_or_of_none()
    {
        using var threads = ComputeThreads.Fix(2);
        using var inference = inference_mode();
        using var batch = TokenBatch.Of(Sequences(padded: false), CPU);
        using var x_BSD = ones(8, Length, 4);
        var told = new TokenCounts();
        Tensor Work(Tensor x_PSD, TokenBatch part, Observations? found, bool fails)
        {
            var first_12 = full(1, 2, part.Ids[0, 0].item<long>());
            found!.Find(0, new Routing(first_12, first_12, first_12, first_12, null!), new Dispatch([], [], []), first_12);
            return fails && part.Ids[0, 0].item<long>() > 0 ? throw new ExternalException("CUDA out of memory.") : x_PSD * 2;
        }

        using (NewDisposeScope())
        {
            var y_BSD = SequenceParts.Run(x_BSD, batch, (x, part, found) => Work(x, part, found, fails: false), told);
            Assert.Throws<ExternalException>(() => SequenceParts.Run(x_BSD, batch, (x, part, found) => Work(x, part, found, fails: true), told));
            Assert.Equal(0, Close.Difference(x_BSD * 2, y_BSD));
        }

        Assert.Equal([batch.Ids[0, 0].item<long>(), batch.Ids[4, 0].item<long>()], told.Firsts);
    }

    [Fact]
    public void A_layer_is_told_of_once_and_in_order_when_its_last_part_is_through()
    {
        using var oracle = new Oracle("mixtral");
        using var threads = ComputeThreads.Fix(2);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        using var inference = inference_mode();
        using var batch = TokenBatch.Of(Sequences(padded: false), CPU);
        var told = new List<int>();
        model.LayerDone = told.Add;

        ForwardPass.Hidden(model, batch).Dispose();

        Assert.Equal(Enumerable.Range(0, model.Layers.Count), told);
    }

    [Fact]
    public void Whoever_is_told_of_a_layer_can_end_the_pass()
    {
        using var oracle = new Oracle("mixtral");
        using var threads = ComputeThreads.Fix(2);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        using var inference = inference_mode();
        using var batch = TokenBatch.Of(Sequences(padded: false), CPU);
        var observer = new TokenCounts();
        var told = new List<int>();
        model.LayerDone = layer =>
        {
            told.Add(layer);
            throw new OperationCanceledException("Ctrl-C");
        };

        var error = Assert.Throws<OperationCanceledException>(() => ForwardPass.Hidden(model, batch, observer));

        Assert.Equal("Ctrl-C", error.Message);
        Assert.Equal([0], told);
        Assert.Empty(observer.Firsts);
    }

    [Fact]
    public void A_piece_that_is_through_leaves_its_threads_to_the_others()
    {
        using var first = new ManualResetEventSlim();
        var (before, after) = (0, 0);

        Worker.Each(2, 3, piece =>
        {
            if (piece == 0)
            {
                first.Wait();
                return;
            }

            before = Worker.Threads;
            first.Set();
            Assert.True(SpinWait.SpinUntil(() => Worker.Threads != before, TimeSpan.FromSeconds(30)));
            after = Worker.Threads;
        });

        Assert.Equal((3, 6), (before, after));
        Assert.Equal(get_num_threads(), Worker.Threads);
    }

    [Fact]
    public void Threads_of_a_part_are_its_share_and_the_callers_stay()
    {
        using var threads = ComputeThreads.Fix(6);
        var seen = new int[3];

        Worker.Each(3, 2, piece => seen[piece] = get_num_threads());

        Assert.Equal([2, 2, 2], seen);
        Assert.Equal(6, get_num_threads());
    }

    /// <summary>Eight of them; padded ones are of several lengths.</summary>
    private static TokenSequence[] Sequences(bool padded) =>
        [.. Enumerable.Range(0, 8).Select(b => new TokenSequence([.. Enumerable.Range(0, padded ? Length - (b * 7 % 30) : Length).Select(s => ((b * 31) + (s * 17)) % 90)]))];

    private sealed class TokenCounts : IRoutingObserver
    {
        public List<long> Firsts { get; } = [];

        public Action Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD)
        {
            var first = routing.Logits[0, 0].to_type(ScalarType.Int64).item<long>();
            return () => Firsts.Add(first);
        }
    }
}
