using System.Runtime.InteropServices;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Safetensors;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Streaming;

/// <summary>Batches are halved until they fit, and what is computed stays the same but for its last bits.</summary>
public sealed class WhenMemoryRunsOut : IDisposable
{
    private const string CudaWords = "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.69 GiB";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 20.00 MiB.", true)]
    [InlineData("CUDA error: out of memory", true)]
    [InlineData("[enforce fail at alloc_cpu.cpp:121] . DefaultCPUAllocator: can't allocate memory: you tried to allocate 4096 bytes.", true)]
    [InlineData("[enforce fail at alloc_cpu.cpp:114] data. DefaultCPUAllocator: not enough memory: you tried to allocate 4096 bytes.", true)]
    [InlineData("mat1 and mat2 shapes cannot be multiplied", false)]
    public void It_is_known_by_the_words_of_libtorch(string words, bool isOutOfMemory)
    {
        Assert.Equal(isOutOfMemory, OutOfMemory.Is(new ExternalException(words)));
        Assert.False(OutOfMemory.Is(new InvalidOperationException(words)));
    }

    [Fact]
    public void It_is_known_when_libtorch_really_has_none()
    {
        var error = Assert.ThrowsAny<ExternalException>(() => empty(1L << 50, ScalarType.Float32));

        Assert.True(OutOfMemory.Is(error), error.Message);
    }

    [Theory]
    [InlineData(4, new[] { 8L, 4, 4, 4, 4 })]
    [InlineData(2, new[] { 8L, 4, 2, 2, 2, 2, 2, 2, 2, 2 })]
    [InlineData(3, new[] { 8L, 4, 2, 2, 2, 2, 2, 2, 2, 2 })]
    public void What_failed_is_not_tried_again(int fits, long[] tried)
    {
        var sizes = new List<long>();
        var notices = new List<string>();
        var limit = new BatchLimit(part =>
        {
            sizes.Add(part.Sequences);
            RefuseMoreThan(fits)(part);
        })
        {
            Told = notices.Add,
        };
        using var inference = inference_mode();
        using var batch = TokenBatch.Of([.. Enumerable.Range(0, 8).Select(n => new TokenSequence([n, n + 1, n + 2]))], CPU);
        using var x_BSD = arange(8 * 3 * 2, ScalarType.Float32).view(8, 3, 2);

        for (var pass = 0; pass < 2; pass++)
        {
            using var used = x_BSD.clone();
            using var y_BSD = limit.Run(used, batch, (x, part) => x * part.Ids.unsqueeze(-1));
            Assert.Equal(0, Close.Difference(x_BSD * batch.Ids.unsqueeze(-1), y_BSD));
        }

        Assert.Equal(tried, sizes);
        Assert.Equal((int)Math.Log2(8 / (tried[^1])), notices.Count);
        Assert.Contains($"batch {tried[^1]} from the start", notices[^1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void A_count_of_halved_batches_is_that_of_whole_ones(string fixture)
    {
        using var oracle = new Oracle(fixture);
        var data = new TextSource(oracle.WriteTokens("right_pad", _folder), TextFormat.Tokens);
        ExpertStatistics Count(Compute compute) => Counting.Count(oracle.Checkpoint, data, new CountOptions { Batch = 8 }, compute);

        var (whole, halved) = (Count(Oracle.Float32), Count(Short(1)));

        Assert.Equal((whole.Tokens, whole.Sequences), (halved.Tokens, halved.Sequences));
        foreach (var (a, b) in whole.Layers.Zip(halved.Layers))
        {
            Assert.Equal(a.Actual, b.Actual);
            Assert.Equal(a.CoActivation, b.CoActivation);
            Assert.Equal(a.Tokens, b.Tokens);
            foreach (var ((name, ours), (_, theirs)) in a.Sums.Zip(b.Sums))
            {
                Assert.All(ours.Zip(theirs), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, (1e-5 * Math.Abs(pair.First)) + 1e-12));
                Assert.NotEmpty(name);
            }
        }
    }

    [Theory]
    [InlineData(Residence.Resident)]
    [InlineData(Residence.Streamed)]
    public void An_attempt_that_fails_after_its_experts_is_not_counted(Residence residence)
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32, residency: new Residency(residence));
        using var inference = inference_mode();
        using var wave = new Wave(model.Residency);
        wave.Add(new Pass(TokenBatch.Of([new([1, 2, 3, 4]), new([5, 6]), new([7, 8, 9])], CPU)));
        var late = new LateFault();

        ForwardPass.Run(model, wave, late);

        Assert.Equal(2 * 9, late.Tokens);
        Assert.Equal(2, late.Faults);
        Assert.False(late.AddsWithinALayer); // the rest of the layer may still fail
    }

    [Fact]
    public void A_count_that_fails_on_the_way_adds_nothing()
    {
        LayerStatistics statistics = new(0, 2);
        var routing = new Routing(zeros(3, 2), full(3, 2, 0.5f), zeros(3, 1, ScalarType.Int64), ones(3, 1), new FaultyScore());

        Assert.Throws<ExternalException>(() => new ExpertCounter([statistics]).Observe(0, routing, Dispatch.Of(routing.Chosen, 2), ones(3, 4)));

        Assert.All(statistics.Sums, sum => Assert.All(sum.Values, value => Assert.Equal(0, value)));
        Assert.All(statistics.CoActivation, value => Assert.Equal(0, value));
        Assert.Equal(0, statistics.Tokens);
    }

    [Fact]
    public void Scores_of_halved_batches_are_those_of_whole_ones()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        int[] shots = [.. Enumerable.Range(0, 40)];
        List<ScoreRequest> requests = [.. Enumerable.Range(0, 7).Select(n => ScoreRequest.Tail([.. shots, n, n + 1, n + 2], 1 + (n % 3))), ScoreRequest.Tail([200, 201, 202], 2)];
        IReadOnlyList<Score> Scores(Compute compute)
        {
            using var model = MoeTransformer.Load(checkpoint, compute);
            return new ScoredModel(model, batchSize: 4, worthwhile: 32).Score(requests);
        }

        Assert.All(Scores(Oracle.Float32).Zip(Scores(Short(1))), pair => Close.Absolute(pair.First.LogLikelihood, pair.Second.LogLikelihood, 1e-4));
    }

    [Fact]
    public void Every_logit_is_written_once_and_in_its_place()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var lines = _folder.Write("lines.jsonl", "{\"input_ids\": [1, 2, 3, 4]}\n{\"input_ids\": [5, 6]}\n{\"input_ids\": [7, 8, 9]}\n");
        var data = new TextSource(lines, TextFormat.Tokens);

        LogitsFile.Write(checkpoint, data, 4, Oracle.Float32, _folder["whole"]);
        LogitsFile.Write(checkpoint, data, 4, Short(1), _folder["halved"]);

        using var whole = SafetensorsFile.Open(_folder["whole"]);
        using var halved = SafetensorsFile.Open(_folder["halved"]);
        foreach (var name in whole.Header.Tensors.Select(entry => entry.Spec.Name))
        {
            using var expected = TensorBytes.Load(whole.Tensor(name), ScalarType.Float32, CPU);
            using var actual = TensorBytes.Load(halved.Tensor(name), ScalarType.Float32, CPU);
            Close.Absolute(expected, actual, 1e-5);
        }
    }

    [Fact]
    public void A_single_sequence_that_does_not_fit_is_refused_with_what_to_do()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var data = new TextSource(_folder.Write("text.txt", "The cat sat on the mat."), TextFormat.Text);

        var refused = Assert.Throws<InputException>(() => Counting.Count(checkpoint, data, new CountOptions(), Short(0)));

        Assert.StartsWith("Memory ran out: CUDA out of memory.", refused.What, StringComparison.Ordinal);
        Assert.Contains("--batch", refused.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_halving_is_told_beside_the_progress()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var lines = string.Concat(Enumerable.Range(0, 8).Select(n => $"{{\"input_ids\": [{n}, {n + 1}]}}\n"));
        var told = new Told();

        Counting.Count(checkpoint, new TextSource(_folder.Write("lines.jsonl", lines), TextFormat.Tokens), new CountOptions { Batch = 4 }, Short(2), told);

        var notice = Assert.Single(told.All, progress => progress.Notice is not null).Notice;
        Assert.Equal("Memory ran out in a pass of 4 sequences of 2 tokens: 2 at a time from here on. Last bits may differ from a run with more memory; batch 2 from the start can be repeated bit by bit.", notice);
    }

    private static Compute Short(int sequences) => Oracle.Float32 with { Trial = RefuseMoreThan(sequences) };

    private static Action<TokenBatch> RefuseMoreThan(int sequences) => part =>
    {
        if (part.Sequences > sequences)
        {
            throw new ExternalException(CudaWords);
        }
    };

    private sealed class Told : IProgress<Progress>
    {
        public List<Progress> All { get; } = [];

        public void Report(Progress value) => All.Add(value);
    }

    /// <summary>Has no memory for the whole batch in layer 0, nor at first for its second half in layer 1; their experts have run by then.</summary>
    private sealed class LateFault : IRoutingObserver
    {
        public long Tokens { get; private set; }

        public int Faults { get; private set; }

        public bool AddsWithinALayer { get; private set; }

        public Action Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD)
        {
            if (routing.Logits.shape[0] == 9 || (layer == 1 && Faults == 1 && routing.Logits.shape[0] == 5))
            {
                Faults++;
                throw new ExternalException(CudaWords);
            }

            var tokens = routing.Logits.shape[0];
            return () =>
            {
                Tokens += tokens;
                AddsWithinALayer |= Environment.StackTrace.Contains(nameof(MoeBlock), StringComparison.Ordinal);
            };
        }
    }

    private sealed class FaultyScore : IRouterScore
    {
        public bool SumsToOne => true;

        public Tensor Of(Tensor logits_TE) => logits_TE.softmax(-1);

        public Tensor Entropy(Tensor logits_TE) => throw new ExternalException(CudaWords);
    }
}
