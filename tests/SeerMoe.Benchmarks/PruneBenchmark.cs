using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Digests;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Saving;

namespace SeerMoe.Benchmarks;

/// <summary>A cut beside `cp` of a file with as many bytes as the cut writes; both end on the disk (`sync`), from a warm and a cold cache.</summary>
internal sealed class PruneBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private const string DropCaches = "/proc/sys/vm/drop_caches";

    public string Name => "prune";

    public string What => "a cut of a synthetic Mixtral (2.8 GB, 4 shards) beside cp of as many bytes; [FOLDER] to work in";

    public int Run(string[] arguments)
    {
        var root = Directory.CreateDirectory(Path.Combine(arguments is [var folder, ..] ? folder : Path.GetTempPath(), $"seer-prune-{Environment.ProcessId}")).FullName;
        try
        {
            Write(root);
            using var source = Checkpoint.Open(Path.Combine(root, "model"));
            var shape = ArchitectureCatalog.For(source.Config).Shape(source.Config);
            var plan = new PrunePlan(null, null, null, null, null, [.. shape.MoeLayers.Select(layer => new LayerPlan(layer, 8, [0, 1, 3, 4, 6, 7], Scores: null))]);
            Prune(source, plan, root, digests: null);
            var bytes = new DirectoryInfo(Path.Combine(root, "cut")).EnumerateFiles("*.safetensors").Sum(file => file.Length);
            Process("truncate", "-s", $"{bytes}", Path.Combine(root, "same"));
            Fill(Path.Combine(root, "same"), bytes);

            Console.WriteLine($"{bytes:N0} bytes written; medians of {Rounds} rounds in turns");
            Console.WriteLine("cache  hashed  prune, s  cp + sync, s  ratio  cp alone, s  ratio");
            var ratios = new Ratios();
            foreach (var (cold, hashed) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                if (!cold || CanDropCaches())
                {
                    Row(source, plan, root, cold, hashed, ratios);
                }
            }

            var peak = System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest resident set of this process: {peak:F0} MB"));
            ratios.Add("prune, MB in memory", peak, "below 200");
            ratios.Print();
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Row(Checkpoint source, PrunePlan plan, string root, bool cold, bool hashed, Ratios ratios)
    {
        var (cuts, copies, quick) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var digests = hashed ? new DigestCache() : null;
            Remove(root); // takes time of its own, which is no part of either side
            cuts.Add(Seconds(cold, () => Prune(source, plan, root, digests)));
            Remove(root);
            copies.Add(Seconds(cold, () =>
            {
                Copy(root);
                Process("sync", Path.Combine(root, "copy"));
            }));
            Remove(root);
            quick.Add(Seconds(cold, () => Copy(root)));
            Process("sync", Path.Combine(root, "copy"));
        }

        var (cut, copy, alone) = (SideBySide.Median(cuts), SideBySide.Median(copies), SideBySide.Median(quick));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(cold ? "cold" : "warm"),-5}  {(hashed ? "yes" : "no"),-6}  {cut,8:F2}  {copy,12:F2}  {cut / copy,5:F2}  {alone,11:F2}  {cut / alone,5:F2}"));
        ratios.Add($"prune beside cp and sync, {(cold ? "cold" : "warm")}{(hashed ? ", hashed" : "")}", cut / copy, hashed ? "at most 1.3" : "at most 1.1");
    }

    private static void Remove(string root)
    {
        Process("rm", "-rf", Path.Combine(root, "cut"), Path.Combine(root, "copy"), Path.Combine(root, "save"));
        Process("sync", "-f", root);
    }

    private static void Copy(string root) => Process("cp", Path.Combine(root, "same"), Path.Combine(root, "copy"));

    private static void Prune(Checkpoint source, PrunePlan plan, string root, DigestCache? digests)
    {
        var cut = Path.Combine(root, "cut");
        CheckpointPruner.Prune(source, plan, cut, save: digests is null ? null : new SavePoint(Path.Combine(root, "save"), TimeSpan.FromHours(1), digests));
    }

    private static double Seconds(bool cold, Action work)
    {
        if (cold)
        {
            File.WriteAllText(DropCaches, "3");
        }

        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static bool CanDropCaches() => OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists(DropCaches);

    private static void Write(string root)
    {
        var model = Directory.CreateDirectory(Path.Combine(root, "model")).FullName;
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray("MixtralForCausalLM"),
            ["model_type"] = "mixtral",
            ["vocab_size"] = 32000,
            ["hidden_size"] = 1024,
            ["intermediate_size"] = 3584,
            ["num_hidden_layers"] = 8,
            ["num_attention_heads"] = 16,
            ["num_key_value_heads"] = 4,
            ["num_local_experts"] = 8,
            ["num_experts_per_tok"] = 2,
            ["max_position_embeddings"] = 4096,
            ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 1e6,
            ["tie_word_embeddings"] = false,
            ["torch_dtype"] = "float32",
        };
        File.WriteAllText(Path.Combine(model, "config.json"), config.ToJsonString());
        var tensors = WeightType.Tensors(HfConfig.Read(Path.Combine(model, "config.json"))).ToList();
        var map = new JsonObject();
        for (var shard = 0; shard < 4; shard++)
        {
            var name = $"model-{shard + 1:D5}-of-00004.safetensors";
            List<TensorSpec> part = [.. tensors.Where((_, i) => i * 4 / tensors.Count == shard)];
            using var writer = SafetensorsWriter.Create(Path.Combine(model, name), part);
            foreach (var tensor in part)
            {
                map[tensor.Name] = name;
                WriteBytes(tensor.ByteCount, writer.Write);
            }

            writer.Complete();
        }

        File.WriteAllText(Path.Combine(model, ShardIndex.FileName), new JsonObject { ["metadata"] = new JsonObject(), ["weight_map"] = map }.ToJsonString());
    }

    private static void Fill(string path, long bytes)
    {
        using var file = File.OpenWrite(path);
        WriteBytes(bytes, file.Write);
        file.Flush(flushToDisk: true);
    }

    private static void WriteBytes(long bytes, Action<ReadOnlySpan<byte>> write)
    {
        var piece = new byte[8 << 20];
        new Random(17).NextBytes(piece);
        for (var done = 0L; done < bytes; done += piece.Length)
        {
            write(piece.AsSpan(0, (int)Math.Min(piece.Length, bytes - done)));
        }
    }

    private static void Process(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
    }
}
