using System.Diagnostics;
using System.Globalization;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Torch;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Training;
using TorchSharp;

namespace SeerMoe.Benchmarks;

/// <summary>Memory at the peak of a training step by depth, activations kept beside recomputed; each in a process of its own, routers trained.</summary>
internal sealed class TrainingMemoryBenchmark : IBenchmark
{
    private const int Steps = 12; // libtorch makes kernels for each new shape: their memory is there after about ten
    private const int Batch = 4;
    private const int Window = 512;
    private const double MiB = 1 << 20;

    private static readonly int[] Depths = [4, 8, 16, 32];

    public string Name => "memory";

    public string What => "peak memory of a training step by depth, activations kept beside recomputed (Linux)";

    public int Run(string[] arguments)
    {
        if (arguments is [var layers, var activations])
        {
            Console.WriteLine(Measure(int.Parse(layers, CultureInfo.InvariantCulture), Enum.Parse<Activations>(activations)));
            return 0;
        }

        Console.WriteLine($"Mixtral of hidden 128, 8 experts of 256, {Batch} x {Window} tokens, float32; MiB above what the loaded model takes, and seconds a step");
        Console.WriteLine();
        Console.WriteLine("| layers | kept MiB | recomputed MiB | kept s | recomputed s | inputs of layers MiB |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|");
        var ratios = new Ratios();
        foreach (var depth in Depths)
        {
            var (kept, recomputed) = (InProcess(depth, Activations.Kept), InProcess(depth, Activations.Recomputed));
            Console.WriteLine($"| {depth} | {kept[0]} | {recomputed[0]} | {kept[1]} | {recomputed[1]} | {(depth + 1) * Batch * Window * 128 * sizeof(float) / MiB:F0} |");
            ratios.Add($"memory of a step, recomputed beside kept, {depth} layers", Number(recomputed[0]) / Number(kept[0]));
        }

        ratios.Print();
        return 0;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private string[] InProcess(int layers, Activations activations)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(TrainingMemoryBenchmark).Assembly.Location, Name, $"{layers}", $"{activations}"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd().Trim().Split(' ');
    }

    private static string Measure(int layers, Activations activations)
    {
        LibTorch.Load();
        var folder = Directory.CreateTempSubdirectory("seer-memory-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "config.json"), Config(layers));
            Initializing.Initialize(Path.Combine(folder, "config.json"), 1, Path.Combine(folder, "model"));
            using var checkpoint = Checkpoint.Open(Path.Combine(folder, "model"));
            using var model = MoeTransformer.Load(checkpoint, new Compute(ComputeDevice.Cpu, ComputeType.Float32));
            using var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(checkpoint.Config), Tune.Routers);
            using var trainer = new Trainer(model, trained, new TrainOptions { Activations = activations });
            using var batch = TokenBatch.Of([.. Enumerable.Range(0, Batch).Select(b => new TokenSequence([.. Enumerable.Range(0, Window).Select(s => ((s * 7) + b) % 1000)]))], torch.CPU);
            GC.Collect();
            var before = Status("VmRSS");
            File.WriteAllText("/proc/self/clear_refs", "5"); // the peak starts anew
            var seconds = SideBySide.Time(() => Enumerable.Range(0, Steps).ToList().ForEach(step => trainer.Step(batch, step))).TotalSeconds / Steps;
            return $"{(Status("VmHWM") - before) / 1024:F0} {seconds:F2}";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // KiB
    private static double Status(string key) =>
        double.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);

    private static string Config(int layers) =>
        $$"""
        {
          "model_type": "mixtral", "vocab_size": 1000, "hidden_size": 128, "intermediate_size": 256, "num_hidden_layers": {{layers}},
          "num_attention_heads": 8, "num_key_value_heads": 4, "num_local_experts": 8, "num_experts_per_tok": 2, "rms_norm_eps": 1e-05,
          "rope_theta": 10000.0, "max_position_embeddings": 1024, "sliding_window": null, "tie_word_embeddings": false
        }
        """;
}
