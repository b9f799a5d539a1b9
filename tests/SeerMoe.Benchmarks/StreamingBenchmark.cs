using System.Globalization;

namespace SeerMoe.Benchmarks;

/// <summary>
/// Memory at the peak of count, evaluate and logits of a checkpoint that is streamed, and what streaming costs beside the same commands
/// with all weights in memory. <code>streaming [GB] [--dtype NAME] [--memory GIB] [--sequences N] [--rounds N]</code>
/// With no rounds only the streamed side runs: for a checkpoint that fits no other way.
/// </summary>
internal sealed class StreamingBenchmark : IBenchmark
{
    private const double Limit = 3.0;
    private const double MostSlowdown = 1.15;
    private const double GiB = 1L << 30;
    private const int Window = 512;

    public string Name => "streaming";

    public string What => "peak memory of count, evaluate and logits of a streamed checkpoint, and the slowdown: streaming [GB] [--rounds N]";

    public int Run(string[] arguments)
    {
        var bytes = 1e9 * Number(arguments is [var size, ..] && !size.StartsWith('-') ? size : "2");
        var (dtype, memory) = (Option(arguments, "--dtype", "float32"), Option(arguments, "--memory", "2.5"));
        var (sequences, rounds) = ((int)Number(Option(arguments, "--sequences", "8")), (int)Number(Option(arguments, "--rounds", "1")));
        var folder = Directory.CreateTempSubdirectory("seer-streaming-").FullName;
        try
        {
            var layers = SyntheticCheckpoint.LayersIn(bytes);
            var model = SyntheticCheckpoint.Write(Path.Combine(folder, "model"), SyntheticCheckpoint.Config(layers));
            var data = SyntheticCheckpoint.WriteTokens(Path.Combine(folder, "tokens.jsonl"), sequences, Window);
            var few = SyntheticCheckpoint.WriteTokens(Path.Combine(folder, "few.jsonl"), 4, 64);
            Console.WriteLine($"{new FileInfo(Path.Combine(model, "model.safetensors")).Length / 1e9:F2} GB in bfloat16, {layers} layers; {sequences} sequences of {Window} tokens, {dtype}, --memory {memory}");
            Console.WriteLine();
            Console.WriteLine("| command | streamed, GiB | resident, GiB | streamed, s | resident, s | streamed / resident |");
            Console.WriteLine("|---|--:|--:|--:|--:|--:|");
            var ratios = new Ratios();
            string[] common = ["--model", model, "--device", "cpu", "--dtype", dtype, "--quiet"];
            bool[] held =
            [
                Row(ratios, "count", rounds, ["count", "--data", data, "--format", "tokens", "--batch", "2", .. common]),
                Row(ratios, "evaluate", rounds, ["evaluate", "--task", "perplexity", "--data", data, "--format", "tokens", "--batch", "2", "--window", $"{Window}", .. common]),
                Row(ratios, "logits", 0, ["logits", "--data", few, "--format", "tokens", "--batch", "2", .. common]),
            ];
            ratios.Print();
            return held.All(within => within) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        bool Row(Ratios ratios, string name, int times, string[] command)
        {
            List<SeerProcess> streamed = [], resident = [];
            for (var round = 0; round < Math.Max(1, times); round++)
            {
                streamed.Add(Once([.. command, "--memory", memory]));
                resident.AddRange(times > 0 ? [Once(command)] : []);
            }

            var (ours, peak) = (Median(streamed), streamed.Max(run => run.PeakBytes) / GiB);
            var slowdown = resident.Count > 0 ? ours / Median(resident) : (double?)null;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {peak:F2} | {(resident.Count > 0 ? resident.Max(run => run.PeakBytes) / GiB : null):F2} | {ours:F1} | {(resident.Count > 0 ? Median(resident) : null):F1} | {slowdown:F2} |"));
            ratios.Add($"streamed {name}, GiB in memory", peak, $"below {Limit:F0}");
            if (slowdown is { } ratio)
            {
                ratios.Add($"streamed {name} beside resident", ratio, $"below {MostSlowdown}");
            }

            return peak < Limit && !(slowdown >= MostSlowdown);
        }

        SeerProcess Once(string[] command)
        {
            var output = Path.Combine(folder, "output");
            var run = SeerProcess.Run([.. command, "--output", output]);
            if (Directory.Exists(output))
            {
                Directory.Delete(output, recursive: true);
            }

            File.Delete(output);
            return run;
        }
    }

    private static double Median(IEnumerable<SeerProcess> runs) => SideBySide.Median([.. runs.Select(run => run.Seconds)]);

    private static string Option(string[] arguments, string name, string otherwise) =>
        Array.IndexOf(arguments, name) is >= 0 and var index && index + 1 < arguments.Length ? arguments[index + 1] : otherwise;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
