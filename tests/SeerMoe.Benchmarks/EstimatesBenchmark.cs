using System.Globalization;
using System.Text.Json.Nodes;

namespace SeerMoe.Benchmarks;

/// <summary>
/// What `seer plan` says a recipe takes beside what `seer run` takes. Stage after stage is added to the recipe and it is run again: the
/// earlier ones are reused, so the peak of the process is that of the last one.
/// </summary>
internal sealed class EstimatesBenchmark : IBenchmark
{
    private const double MiB = 1 << 20;
    private const double MostOff = 1.25;

    private static readonly string[] Stages =
    [
        "count: { data: calibration, tokens: 8192, window: 256 }",
        "prune: { criterion: soft, scope: layer, ratio: 0.25 }",
        "regularize: { data: train, steps: 3, batch: 4, window: 256 }",
        "evaluate: { tasks: [perplexity, facts], limit: 48, compare: [base] }",
    ];

    public string Name => "estimates";

    public string What => "memory and disk that a plan estimates beside what a run takes, stage by stage";

    public int Run(string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("seer-estimates-").FullName;
        try
        {
            Console.WriteLine("| model | stage | memory, MiB | estimated | ratio | disk, bytes | estimated | ratio |");
            Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|");
            var ratios = new Ratios();
            var tiny = Rows("tiny-moe", SharedFolder.InRepository("examples", "tiny-moe"), folder, ratios);
            var middle = arguments.Contains("--tiny") || Rows("mid-size", InitialiseMiddle(folder), folder, ratios);
            ratios.Print();
            return tiny && middle ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Rows(string name, string model, string folder, Ratios ratios)
    {
        var within = true;
        for (var last = 1; last <= Stages.Length; last++)
        {
            var recipe = Path.Combine(folder, $"{name}.yaml");
            File.WriteAllText(recipe, Recipe(name, folder, model, Stages.Take(last)));
            var planned = JsonNode.Parse(SeerProcess.Run("plan", recipe, "--device", "cpu", "--json", "--output", Path.Combine(folder, "runs")).Output)!["stages"]![last - 1]!;
            var run = SeerProcess.Run("run", recipe, "--device", "cpu", "--quiet", "--output", Path.Combine(folder, "runs"));
            var stage = Directory.GetDirectories(Path.Combine(folder, "runs", name, $"{last}"), $"{last}-*").Single();
            double disk = Directory.EnumerateFiles(stage, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
            var (memory, bytes) = (run.PeakBytes / MiB, (double)planned["disk_bytes"]!);
            var (memoryRatio, diskRatio) = ((double)planned["memory_bytes"]! / MiB / memory, bytes / disk);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {Path.GetFileName(stage)} | {memory:F0} | {memory * memoryRatio:F0} | {memoryRatio:F2} | {disk:N0} | {bytes:N0} | {diskRatio:F2} |"));
            ratios.Add($"planned memory beside measured, {name}, {Path.GetFileName(stage)}", memoryRatio, "0.80 to 1.25");
            ratios.Add($"planned disk beside measured, {name}, {Path.GetFileName(stage)}", diskRatio, "0.80 to 1.25");
            within &= IsNear(memoryRatio) && IsNear(diskRatio);
        }

        return within;
    }

    private static bool IsNear(double ratio) => ratio is > 1 / MostOff and < MostOff;

    private static string Recipe(string name, string folder, string model, IEnumerable<string> stages)
    {
        string Data(string file) => Path.GetRelativePath(folder, SharedFolder.InRepository("examples", "corpus", file));
        return $$"""
            name: {{name}}
            model: {{Path.GetRelativePath(folder, model)}}
            data:
              calibration: { path: {{Data("calibration.jsonl")}}, format: jsonl }
              train:       { path: {{Data("train.jsonl")}}, format: jsonl }
              perplexity:  { path: {{Data("held-out.jsonl")}}, format: jsonl }
              facts:       { path: {{Data("facts.jsonl")}}, format: choices }
            stages:
            {{string.Join('\n', stages.Select(stage => $"  - {stage}"))}}

            """;
    }

    private static string InitialiseMiddle(string folder)
    {
        var source = Directory.CreateDirectory(Path.Combine(folder, "source")).FullName;
        foreach (var file in (string[])["tokenizer.json", "tokenizer_config.json"])
        {
            File.Copy(SharedFolder.InRepository("examples", "tiny-moe", file), Path.Combine(source, file));
        }

        File.WriteAllText(Path.Combine(source, "config.json"),
            """
            {
              "model_type": "mixtral", "torch_dtype": "float32", "vocab_size": 32000, "hidden_size": 512, "intermediate_size": 1024,
              "num_hidden_layers": 8, "num_attention_heads": 8, "num_key_value_heads": 4, "num_local_experts": 8, "num_experts_per_tok": 2,
              "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "max_position_embeddings": 1024, "sliding_window": null, "tie_word_embeddings": false
            }

            """);
        var model = Path.Combine(folder, "middle");
        SeerProcess.Run("init", "--config", Path.Combine(source, "config.json"), "--seed", "1", "--output", model);
        return model;
    }
}
