using SeerMoe.Checkpoints;
using SeerMoe.Digests;
using SeerMoe.Experts;
using SeerMoe.Saving;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;

namespace SeerMoe.Torch.Tests.Saving;

/// <summary>Stopped after every single step, each time in a model that is loaded anew: the bytes are those of one that was never stopped.</summary>
public sealed class WhenAnEngineIsStopped : IDisposable
{
    private static readonly TrainOptions Plain = new()
    {
        Steps = 7,
        Batch = 2,
        Window = 16,
        Seed = 3,
        TopK = new TopKSchedule(2, 1),
        LearningRate = 1e-2,
        WarmUp = 2,
        Decay = LearningRateDecay.Cosine,
    };

    private static readonly Compute BFloat16 = Oracle.Float32 with { Type = ComputeType.BFloat16 };

    private static readonly Dictionary<string, (TrainOptions Options, Compute Compute)> All = new(StringComparer.Ordinal)
    {
        ["all"] = (Plain, Oracle.Float32),
        ["routers"] = (Plain with { Tune = Tune.Routers }, Oracle.Float32),
        ["ramp, with low-rank matrices, dropout and an adapter"] = (
            Plain with { Tune = Tune.Lora, Lora = new LoraOptions(Rank: 2, Dropout: 0.3, Save: LoraSave.Adapter), TopK = new TopKSchedule(2, 1, 0.7, Annealing.Ramp) }, Oracle.Float32),
        ["low-rank matrices over bfloat16, recomputed"] = (
            Plain with { Tune = Tune.Lora, Lora = new LoraOptions(Rank: 2, Dropout: 0.3), Activations = Activations.Recomputed, Accumulate = 2 }, BFloat16),
        ["masters of bfloat16, decay of matrices"] = (Plain with { WeightDecayOn = Decayed.Matrices, EntropySchedule = EntropySchedule.Rising }, BFloat16),
        ["held-out text and patience"] = (Plain with { LearningRate = 0.3, GradientClip = 0, LossSpike = 0, CheckEvery = 1, Patience = 2, TopK = null }, Oracle.Float32),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;
    private readonly TextSource _text;

    public WhenAnEngineIsStopped()
    {
        _checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        _text = new TextSource(_folder.Write("text.txt", string.Concat(Enumerable.Range(0, 30).Select(n => $"The cat {n} sat on the mat. "))));
    }

    public void Dispose()
    {
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_count_goes_on_with_the_sums_that_it_had()
    {
        ExpertStatistics Count(SavePoint? save, IProgress<Progress>? progress) =>
            Counting.Count(_checkpoint, _text, new CountOptions { Window = 32, Batch = 3, Tokens = 500 }, Oracle.Float32, progress, save);

        var stopped = StoppedAtEveryStep(Count);
        StatisticsFile.Write(Directory.CreateDirectory(_folder["stopped"]).FullName, stopped.Result);
        StatisticsFile.Write(Directory.CreateDirectory(_folder["whole"]).FullName, Count(save: null, progress: null));

        Assert.Equal(7, stopped.Starts); // 16 sequences, 3 a pass, and a start that has nothing left to do
        Assert.Equal(Bytes("whole/statistics.safetensors"), Bytes("stopped/statistics.safetensors"));
    }

    [Fact]
    public void A_streamed_count_goes_on_between_two_layers()
    {
        var options = new CountOptions { Window = 32, Batch = 3, Tokens = 500 };
        var compute = Oracle.Float32 with { MemoryBytes = PassMemory.Of(_checkpoint, Oracle.Float32).Streamed(new PassSize(3, 32)) };
        ExpertStatistics Count(Compute where, SavePoint? save, IProgress<Progress>? progress) => Counting.Count(_checkpoint, _text, options, where, progress, save);

        var stopped = StoppedAtEveryStep((save, progress) => Count(compute, save, new OnlyLayers(progress, passes: 6)));
        StatisticsFile.Write(Directory.CreateDirectory(_folder["stopped"]).FullName, stopped.Result);
        StatisticsFile.Write(Directory.CreateDirectory(_folder["whole"]).FullName, Count(Oracle.Float32, save: null, progress: null));

        Assert.Equal(3, stopped.Starts); // one wave of 6 batches through 2 layers: stopped in the second, stopped when it was whole, done
        Assert.Equal(Bytes("whole/statistics.safetensors"), Bytes("stopped/statistics.safetensors"));
    }

    public static TheoryData<string> Trainings => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Trainings))]
    public void A_training_goes_on_with_its_parameters_its_moments_its_place_in_the_data_and_its_log(string training)
    {
        var (options, compute) = All[training];
        var heldOut = options.CheckEvery > 0 ? new TrainExtras(HeldOut: _text) : null;
        TrainOutcome Train(string output, SavePoint? save, IProgress<Progress>? progress) =>
            Regularizing.Regularize(_checkpoint, _text, options, compute, Directory.CreateDirectory(_folder[output]).FullName, progress, save, heldOut);

        var stopped = StoppedAtEveryStep((save, progress) => Train("stopped", save, progress));
        var whole = Train("whole", save: null, progress: null);

        Assert.Equal((whole.StoppedAt ?? 7) + 1, stopped.Starts);
        Assert.Equal(whole, stopped.Result);
        var files = Directory.EnumerateFiles(_folder["whole"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder["whole"], file)).ToList();
        Assert.Equal(files.Order(), Directory.EnumerateFiles(_folder["stopped"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder["stopped"], file)).Order());
        Assert.All(files, file => Assert.Equal(Bytes($"whole/{file}"), Bytes($"stopped/{file}")));
    }

    [Fact]
    public void A_log_that_is_longer_than_what_was_saved_is_cut_back_to_it()
    {
        using (var log = TrainingLog.Open(_folder.Path, bytes: 0))
        {
            log.Add(new TrainingStep(1, 2, 3, 4, 2, 0.1, 1, 10));
            log.Flush();
        }

        var saved = new FileInfo(_folder[TrainingLog.Name]).Length;
        File.AppendAllText(_folder[TrainingLog.Name], "{\"step\":2,\"lo");
        using (var log = TrainingLog.Open(_folder.Path, saved))
        {
            log.Add(new TrainingStep(2, 2, 3, 4, 2, 0.1, 1, 10));
        }

        Assert.Equal([1, 2], TrainingLog.Read(_folder.Path).Select(step => step.Step));
    }

    [Fact]
    public void An_evaluation_goes_on_with_the_scores_that_it_had()
    {
        EvalTask[] tasks = [new("text", TaskForm.Perplexity, _text), new("again", TaskForm.Perplexity, _text)];
        EvaluationResult Evaluate(SavePoint? save, IProgress<Progress>? progress) =>
            Evaluating.Evaluate(_checkpoint, tasks, mask: null, new EvaluateOptions { Window = 32, Batch = 4 }, Oracle.Float32, progress, save: save);

        var stopped = StoppedAtEveryStep(Evaluate);

        Assert.Equal(SeerJson.Text(Evaluate(save: null, progress: null).Results), SeerJson.Text(stopped.Result.Results));
        Assert.InRange(stopped.Starts, 10, 100);
    }

    [Fact]
    public void A_streamed_evaluation_goes_on_with_the_scores_that_it_had()
    {
        EvalTask[] tasks = [new("text", TaskForm.Perplexity, _text), new("again", TaskForm.Perplexity, _text)];
        var options = new EvaluateOptions { Window = 16, Batch = 1 };
        var size = new PassSize(1, 16) { HeadRows = ScoredModel.HeadRows(_checkpoint.Config.Positive("vocab_size")) };
        var memory = PassMemory.Of(_checkpoint, Oracle.Float32);
        var streams = Oracle.Float32 with { MemoryBytes = memory.Streamed(size) };
        Assert.Equal(Residence.Streamed, memory.Choose(streams, size).Layers);
        EvaluationResult Evaluate(Compute compute, SavePoint? save, IProgress<Progress>? progress) =>
            Evaluating.Evaluate(_checkpoint, tasks, mask: null, options, compute, progress, save: save);

        var (starts, result) = (0, (EvaluationResult?)null);
        for (var furthest = new Furthest(); result is null; starts++)
        {
            try
            {
                result = Evaluate(streams, new SavePoint(_folder["saved"], TimeSpan.Zero, new DigestCache()), furthest);
            }
            catch (OperationCanceledException)
            {
                // and on
            }
        }

        Assert.Equal(SeerJson.Text(Evaluate(Oracle.Float32, save: null, progress: null).Results), SeerJson.Text(result.Results));
        Assert.InRange(starts, 10, 500);
    }

    [Theory]
    [InlineData("[[{\"log_likelihood\":-1.25,\"tok")]
    [InlineData("not a score\n")]
    [InlineData("[[{\"log_likelihood\":-0.1,\"tokens\":3,\"is_greedy\":true}],[{\"log_likelihood\":-0.1,\"tokens\":3,\"is_greedy\":true}]]\n")]
    public void A_line_of_scores_that_was_cut_off_or_is_of_other_masks_is_computed_again(string end)
    {
        var path = _folder.Write("scores.jsonl", $"[[{{\"log_likelihood\":-0.1,\"tokens\":3,\"is_greedy\":true}}]]\n{end}");
        using (var journal = ScoreJournal.Open(path, masks: 1))
        {
            Assert.Equal([new Score(-0.1, 3, IsGreedy: true)], journal.Find(0, 1)![0]);
            Assert.Null(journal.Find(1, 1));
            journal.Add([[new Score(-0.3, 2, IsGreedy: false)]]);
            Assert.Equal([new Score(-0.3, 2, IsGreedy: false)], journal.Find(1, 1)![0]);
            Assert.Contains("other numbers of scores", Assert.Throws<InputException>(() => journal.Find(1, 2)).What, StringComparison.Ordinal);
        }

        Assert.Equal(2, File.ReadLines(path).Count());
    }

    /// <summary>Starts again and again; every start is stopped at the first step that no earlier one came to.</summary>
    private (T Result, int Starts) StoppedAtEveryStep<T>(Func<SavePoint, IProgress<Progress>, T> start)
    {
        for (var starts = 1; ; starts++)
        {
            var save = new SavePoint(_folder["saved"], TimeSpan.Zero, new DigestCache());
            try
            {
                return (start(save, new StopsAt(starts)), starts);
            }
            catch (OperationCanceledException)
            {
                // and on
            }
        }
    }

    private byte[] Bytes(string name) => File.ReadAllBytes(_folder[name]);

    /// <summary>Counts what is new: a count and a training report no step twice, an evaluation reports those that it knows again.</summary>
    private sealed class StopsAt(int start) : IProgress<Progress>
    {
        private int _reports;

        public void Report(Progress value)
        {
            if (++_reports == (value.What.StartsWith("requests", StringComparison.Ordinal) ? start : 1))
            {
                throw new OperationCanceledException();
            }
        }
    }

    /// <summary>Stops whenever more requests of a task are done than ever before.</summary>
    private sealed class Furthest : IProgress<Progress>
    {
        private readonly Dictionary<string, long> _done = new(StringComparer.Ordinal);

        public void Report(Progress value)
        {
            if (value.Done > _done.GetValueOrDefault(value.What))
            {
                _done[value.What] = value.Done;
                throw new OperationCanceledException();
            }
        }
    }

    /// <summary>Tells only of the first batch behind the layer that the count went on with, when that layer is saved, and that the wave is whole.</summary>
    private sealed class OnlyLayers(IProgress<Progress> inner, int passes) : IProgress<Progress>
    {
        private long? _first;

        public void Report(Progress value)
        {
            var isWhole = value.What.StartsWith("tokens", StringComparison.Ordinal);
            if (isWhole || value.Done == (_first ??= value.Done) + passes)
            {
                inner.Report(value);
            }
        }
    }
}
