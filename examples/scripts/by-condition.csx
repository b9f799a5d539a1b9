// Teaches   loops and conditions: drop as many experts as a budget of bytes asks for, and train only after a deep cut.
// Run       dotnet seer run examples/scripts/by-condition.csx --trust
// Expect    it drops 0.25 and does not train: perplexity 1.798 beside 1.432 of the full model (2026-11-24, Debian 12, 2 cores; 15 seconds)

using System.Text.Json;

Name = "by-condition";
Seed = 17;
Model = "../tiny-moe";
Data("calibration", "../corpus/calibration.jsonl", Jsonl);
Data("train", "../corpus/train.jsonl", Jsonl);
Data("perplexity", "../corpus/held-out.jsonl", Jsonl);

// The recipe's own paths start at this folder; files that C# opens are found by Folder.
var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, Model, "config.json"))).RootElement;
long Of(string key) => config.GetProperty(key).GetInt64();
var expertBytes = Of("num_hidden_layers") * Of("num_local_experts") * 3 * Of("hidden_size") * Of("intermediate_size") * sizeof(float);

var ratio = 0.0;
while (expertBytes * (1 - ratio) > 5_000_000)
{
    ratio += 0.125;
}

Count(data: "calibration", tokens: 65536, window: 256);
Prune(criterion: "soft-topk", ratio: ratio);
if (ratio > 0.25)
{
    Regularize(data: "train", steps: 20);
}

Evaluate(tasks: ["perplexity"], compare: [Comparison.Base]);
