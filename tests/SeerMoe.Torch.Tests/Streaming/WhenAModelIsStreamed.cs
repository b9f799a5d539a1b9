using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Streaming;

/// <summary>A model that does not fit is computed layer by layer, to the same bits.</summary>
public sealed class WhenAModelIsStreamed : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Every_sum_of_a_count_is_that_of_the_resident_model(string fixture)
    {
        using var oracle = new Oracle(fixture);
        var data = new TextSource(oracle.WriteTokens("right_pad", _folder), TextFormat.Tokens);
        void Count(string name, Compute compute) =>
            StatisticsFile.Write(Directory.CreateDirectory(_folder[name]).FullName, Counting.Count(oracle.Checkpoint, data, new CountOptions { Batch = 1 }, compute));

        Count("resident", Oracle.Float32);
        Count("streamed", Tight(oracle.Checkpoint, new PassSize(1, new CountOptions().Window)));

        Assert.Equal(Bytes("resident/statistics.safetensors"), Bytes("streamed/statistics.safetensors"));
    }

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Every_score_is_that_of_the_resident_model(string fixture)
    {
        using var oracle = new Oracle(fixture);
        EvalTask task = new("tokens", TaskForm.Perplexity, new TextSource(oracle.WriteTokens("left_pad", _folder), TextFormat.Tokens));
        var options = new EvaluateOptions { Window = 16, Batch = 1 };
        string Results(Compute compute) => SeerJson.Text(Evaluating.Evaluate(oracle.Checkpoint, [task], mask: null, options, compute).Results);

        Assert.Equal(Results(Oracle.Float32), Results(Tight(oracle.Checkpoint, new PassSize(1, oracle.Sequences("left_pad").Max(sequence => sequence.Ids.Length)) { HeadRows = ScoredModel.HeadRows(oracle.Checkpoint.Config.Positive("vocab_size")) })));
    }

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Every_logit_is_that_of_the_resident_model(string fixture)
    {
        using var oracle = new Oracle(fixture);
        var data = new TextSource(oracle.WriteTokens("right_pad", _folder), TextFormat.Tokens);
        var longest = oracle.Sequences("right_pad").Max(sequence => sequence.Ids.Length);

        LogitsFile.Write(oracle.Checkpoint, data, 1, Oracle.Float32, _folder["resident"]);
        LogitsFile.Write(oracle.Checkpoint, data, 1, Tight(oracle.Checkpoint, new PassSize(1, longest) { HeadRows = long.MaxValue }), _folder["streamed"]);

        Assert.Equal(Bytes("resident"), Bytes("streamed"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2000)]
    [InlineData(long.MaxValue)]
    public void Hidden_states_that_find_no_room_go_to_a_file_and_come_back(long hiddenBytes)
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        using var resident = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var streamed = MoeTransformer.Load(checkpoint, Oracle.Float32, residency: new Residency(Residence.Streamed, hiddenBytes));
        using var wave = new Wave(streamed.Residency);
        TokenSequence[][] batches = [[new([1, 2, 3, 4, 5, 6])], [new([7, 8, 9])], [new([10, 11, 12, 13]), new([14, 15])]];
        Array.ForEach(batches, batch => wave.Add(new Pass(TokenBatch.Of(batch, CPU))));

        ForwardPass.Run(streamed, wave);

        // 16 numbers of 4 bytes a token, padding included: 384, 192 and 512 bytes
        Assert.Equal(Math.Max(0, 1088 - hiddenBytes), wave.Hidden.SpilledBytes);
        ForwardPass.Finish(streamed, wave, (pass, hidden_BSD) =>
        {
            using var alone = TokenBatch.Of(batches[pass], CPU);
            using var expected = ForwardPass.Hidden(resident, alone);
            Assert.Equal(0, Close.Difference(expected, hidden_BSD));
        });
    }

    [Fact]
    public void Requests_behind_a_common_beginning_have_the_same_scores()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        int[] shots = [.. Enumerable.Range(0, 40)];
        List<ScoreRequest> requests = [.. Enumerable.Range(0, 7).Select(n => ScoreRequest.Tail([.. shots, n, n + 1, n + 2], 1 + (n % 3))), ScoreRequest.Tail([200, 201, 202], 2)];
        IReadOnlyList<Score> Scores(Residency residency)
        {
            using var model = MoeTransformer.Load(checkpoint, Oracle.Float32, residency: residency);
            var scored = new ScoredModel(model, batchSize: 2, worthwhile: 32);
            var scores = scored.Score(requests);
            Assert.True(scored.TokensForwarded < 100);
            return scores;
        }

        Assert.Equal(Scores(Residency.Resident), Scores(new Residency(Residence.Streamed, HiddenBytes: 0)));
    }

    [Fact]
    public void All_batches_go_through_a_layer_before_the_next_is_read()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        using var streamed = MoeTransformer.Load(checkpoint, Oracle.Float32, residency: Residency.Streamed);
        using var wave = new Wave(streamed.Residency);
        var order = new LayerOrder();
        for (var n = 1; n <= 3; n++)
        {
            wave.Add(new Pass(TokenBatch.Of([new([n, n + 1])], CPU)));
        }

        ForwardPass.Run(streamed, wave, order);

        Assert.Equal([0, 0, 0, 1, 1, 1], order.Layers);
        Assert.True(streamed.Layers.PassesAtOnce >= 3);
    }

    [Fact]
    public void Too_little_memory_for_a_layer_is_said_with_what_would_do()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var data = new TextSource(_folder.Write("text.txt", "The cat sat on the mat."));

        var refused = Assert.Throws<InputException>(() => Counting.Count(checkpoint, data, new CountOptions(), Oracle.Float32 with { MemoryBytes = 1 << 20 }));

        Assert.Contains("GiB even with one layer in memory at a time", refused.What, StringComparison.Ordinal);
        Assert.Contains("--batch", refused.WhatToDo, StringComparison.Ordinal);
    }

    /// <summary>As much as the streamed model takes, with no room for hidden states.</summary>
    private static Compute Tight(Checkpoint checkpoint, PassSize size)
    {
        var memory = PassMemory.Of(checkpoint, Oracle.Float32);
        var tight = Oracle.Float32 with { MemoryBytes = memory.Streamed(size) };
        Assert.Equal(new Residency(Residence.Streamed, HiddenBytes: 0), memory.Choose(tight, size));
        return tight;
    }

    private byte[] Bytes(string name) => File.ReadAllBytes(_folder[name]);

    private sealed class LayerOrder : IRoutingObserver
    {
        public List<int> Layers { get; } = [];

        public Action Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD) => () => Layers.Add(layer);
    }
}
