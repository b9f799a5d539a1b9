using System.Diagnostics;
using System.Globalization;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Torch;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Benchmarks;

/// <summary>
/// Model-FLOPs utilisation: operations of the matrix products by formula, divided by the time and by the best rate that a product reaches
/// here, measured between the rounds. A training step counts three forwards.
/// </summary>
internal sealed class ForwardBenchmark : IBenchmark
{
    private const int Sequences = 4;
    private const int Window = 512;
    private const int Tokens = Sequences * Window;

    /// <summary>Steps that are not counted: the heap still grows in them.</summary>
    private const int StepsOfWarmUp = 4;

    /// <summary>Statistics cost less than a machine with neighbours varies by, so layers are measured without and with them so many times as often, in pairs: an even number, each first in turn.</summary>
    private const int PairsOfRound = 4;

    public string Name => "forward";

    public string What => "count, forward with loss and training step of a mid-size Mixtral beside the best matmul rate; [float32|bfloat16] [ROUNDS]";

    public int Run(string[] arguments)
    {
        LibTorch.Load();
        using var folder = new MidMixtral();
        var rounds = arguments is [_, var number, ..] ? int.Parse(number, CultureInfo.InvariantCulture) : 7;
        Console.WriteLine($"Mixtral of hidden {MidMixtral.Hidden}, {MidMixtral.Layers} layers, {MidMixtral.Experts} experts of {MidMixtral.Inner}, {Sequences} x {Window} tokens, {get_num_threads()} threads; medians of {rounds} rounds, of layers and count {rounds * PairsOfRound}");
        Console.WriteLine();
        Console.WriteLine("| type | what | ms | tokens/s | GFLOP/s | of the best matmul |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|");
        var ratios = new Ratios();
        foreach (var type in arguments is [var only, ..] ? [ComputeType.Parse(only)] : new[] { ComputeType.Float32, ComputeType.BFloat16 })
        {
            Measure(folder.Folder, type, rounds, ratios);
        }

        ratios.Print();
        return 0;
    }

    private static void Measure(string folder, ComputeType type, int rounds, Ratios ratios)
    {
        using var checkpoint = Checkpoint.Open(folder);
        using var model = MoeTransformer.Load(checkpoint, new Compute(ComputeDevice.Cpu, type), packFrom: PackedMatrix.Worthwhile);
        using var trainable = MoeTransformer.Load(checkpoint, new Compute(ComputeDevice.Cpu, type));
        using var peak = new MatmulPeak(type.ToTorch(ComputeDevice.Cpu));
        TokenBatch[] batches = [.. Enumerable.Range(0, rounds + 1).Select(Batch)];
        using var naive = new NaiveMixtral(trainable);
        var layers = MidMixtral.FlopsOfLayers(Window);
        var (alone, counted, withLoss) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round <= rounds * PairsOfRound; round++)
        {
            var batch = batches[round % batches.Length];
            (List<double> Seconds, IRoutingObserver? Observer)[] pair = [(alone, null), (counted, Counter(checkpoint))];
            foreach (var (seconds, observer) in round % 2 == 0 ? pair : pair.Reverse())
            {
                Time(() => Hidden(model, batch, observer), seconds, round, peak);
            }
        }

        for (var round = 0; round <= rounds; round++)
        {
            Time(() => Loss(model, batches[round]), withLoss, round, peak);
        }

        Print(type, "layers alone", layers, alone, peak.Best);
        var count = Print(type, "count", layers, counted, peak.Best);
        var loss = Print(type, "forward with loss", layers + MidMixtral.FlopsOfHead, withLoss, peak.Best);
        var training = Print(type, "training step", 3 * (layers + MidMixtral.FlopsOfHead), TrainingSteps(trainable, checkpoint, batches, peak), peak.Best);
        var wide = type == ComputeType.Float32;
        ratios.Add($"count of the best matmul, {type.Name}", count, wide ? "at least 0.80" : "at least 0.75");
        ratios.Add($"statistics, share of the forward, {type.Name}", SideBySide.Median([.. counted.Zip(alone, (with, without) => with / without)]) - 1, "below 0.05");
        ratios.Add($"forward with loss of the best matmul, {type.Name}", loss, wide ? "at least 0.80" : "at least 0.70");
        ratios.Add($"training step of the best matmul, {type.Name}", training, "at least 0.70");

        // Last, because it gives memory back that the others keep.
        var plain = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            Time(() => naive.Loss(batches[round]), plain, round, peak);
        }

        Array.ForEach(batches, batch => batch.Dispose());
        ratios.Add($"plain loop over experts with loss, {type.Name}", Print(type, "plain loop over experts, with loss", layers + MidMixtral.FlopsOfHead, plain, peak.Best), "the neighbour");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {type.Name} | the best matmul: torch's {peak.Matmul / 1e9:F0}, oneDNN's {peak.OneDnn / 1e9:F0}, a packed matrix's {peak.Packed / 1e9:F0} | | | {peak.Best / 1e9:F0} | 1.00 |"));
    }

    /// <summary>Another one in each round, in turn: routers send each expert another number of tokens then, and oneDNN makes kernels for shapes.</summary>
    private static TokenBatch Batch(int round)
    {
        var random = new Random(round);
        return TokenBatch.Of(
            [.. Enumerable.Range(0, Sequences).Select(_ => new TokenSequence([.. Enumerable.Range(0, Window).Select(_ => random.Next(MidMixtral.Vocabulary))]))], CPU);
    }

    private static List<double> TrainingSteps(MoeTransformer model, Checkpoint checkpoint, TokenBatch[] batches, MatmulPeak peak)
    {
        using var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(checkpoint.Config), Tune.All);
        using var trainer = new Trainer(model, trained, new TrainOptions { Tune = Tune.All });
        var seconds = new List<double>();
        for (var step = 0; step < batches.Length - 1 + StepsOfWarmUp; step++)
        {
            Time(() => trainer.Step(batches[step % batches.Length], step), seconds, step - StepsOfWarmUp + 1, peak);
        }

        return seconds;
    }

    /// <summary>The first round is not counted: kernels are chosen and memory is fetched in it.</summary>
    private static void Time(Action run, List<double> seconds, int round, MatmulPeak peak)
    {
        peak.Try();
        var start = Stopwatch.GetTimestamp();
        run();
        if (round > 0)
        {
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    private static double Print(ComputeType type, string what, double flops, List<double> seconds, double best)
    {
        var median = SideBySide.Median(seconds);
        var rate = flops * Tokens / median;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {type.Name} | {what} | {median * 1e3:F0} | {Tokens / median:F0} | {rate / 1e9:F0} | {rate / best:F2} |"));
        return rate / best;
    }

    private static ExpertCounter Counter(Checkpoint checkpoint)
    {
        var shape = ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config);
        return new ExpertCounter([.. shape.MoeLayers.Select((layer, i) => new LayerStatistics(layer, shape.Experts[i]))]);
    }

    private static void Hidden(MoeTransformer model, TokenBatch batch, IRoutingObserver? observer)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        ForwardPass.Hidden(model, batch, observer);
    }

    private static double Loss(MoeTransformer model, TokenBatch batch)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        return NextTokenLoss.Of(model, ForwardPass.Hidden(model, batch), batch).item<float>();
    }
}
