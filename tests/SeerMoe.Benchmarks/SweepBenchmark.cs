using System.Globalization;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Digests;
using SeerMoe.Pruning;
using SeerMoe.Recipes;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Torch;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;

namespace SeerMoe.Benchmarks;

/// <summary>
/// Eight masked points as one sweep beside the same points as runs of their own: in one folder, where later ones reuse the count, and each
/// in a folder of its own. What each point wrote must be the same bytes. Halves of layers that were computed are told as a share of those
/// of eight passes.
/// </summary>
internal sealed class SweepBenchmark : IBenchmark
{
    private const int Points = 8;
    private const string Keeps = "prune.keep: [8, 7, 6, 5, 4, 3, 2]"; // of 8: no ratio below an eighth drops one of each layer
    private const string Shares = "prune.ratio: [0.0625, 0.125, 0.1875, 0.25, 0.3125, 0.375, 0.4375, 0.5]";

    private static readonly Compute Cpu = new(ComputeDevice.Cpu, ComputeType.Float32);

    // Large files are hashed once for both sides.
    private readonly DigestCache _digests = new();

    public string Name => "sweep";

    public string What => "eight masked points as one sweep beside eight runs: time, and layers that were computed";

    public int Run(string[] arguments)
    {
        LibTorch.Load();
        var root = Directory.CreateTempSubdirectory("seer-sweep-").FullName;
        try
        {
            Console.WriteLine("| model | plans | sweep, s | runs in one folder, s | runs apart, s | one folder / sweep | apart / sweep | attention | experts |");
            Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|--:|");
            var ratios = new Ratios();
            var corpus = Path.GetRelativePath(root, SharedFolder.InRepository("examples", "corpus"));
            var tiny = new Case(
                "tiny-moe",
                SharedFolder.InRepository("examples", "tiny-moe"),
                $"calibration: {{ path: {corpus}/calibration.jsonl, format: jsonl }}\n  text: {{ path: {corpus}/held-out.jsonl, format: jsonl }}\n  facts: {{ path: {corpus}/facts.jsonl, format: choices }}",
                "{ data: calibration, tokens: 8192 }",
                "{ tasks: [text, facts], limit: 64, cut: masked }");
            Measure(root, tiny, "global", "{ criterion: soft, scope: global }", Shares, ratios);
            Measure(root, tiny with { Name = "tiny-moe beside its base", Evaluate = tiny.Evaluate.Replace("masked", "masked, compare: [base]", StringComparison.Ordinal) }, "global", "{ criterion: soft, scope: global }", Shares, ratios);

            using var folder = new MidMixtral();
            SyntheticCheckpoint.WriteTokens(Path.Combine(root, "counted.jsonl"), sequences: 8, length: 256);
            SyntheticCheckpoint.WriteTokens(Path.Combine(root, "judged.jsonl"), sequences: 8, length: 255);
            var middle = new Case(
                "mid-size",
                folder.Folder,
                "calibration: { path: counted.jsonl, format: tokens }\n  tokens: { path: judged.jsonl, format: tokens }",
                "{ data: calibration, tokens: 2048 }",
                "{ tasks: [tokens], cut: masked, batch: 8 }");
            Measure(root, middle, "global", "{ criterion: soft, scope: global }", Shares, ratios);
            Measure(root, middle, "layer", "{ criterion: soft, scope: layer }", Keeps, ratios);
            Measure(root, middle with { Count = null }, "first half of the layers whole", "{ plan: 1.json }", $"prune.plan: [{string.Join(", ", PlansOfSecondHalf(root))}]", ratios);
            ratios.Print();
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <param name="Count">Null where plans are files.</param>
    private sealed record Case(string Name, string Model, string Data, string? Count, string Evaluate);

    private void Measure(string root, Case model, string plans, string prune, string axis, Ratios ratios)
    {
        string FolderOf(string side) => Path.Combine(root, model.Name, plans, side);
        var recipe = Path.Combine(root, "recipe.yaml");
        File.WriteAllText(recipe,
            $"""
            name: points
            threads: {Math.Min(8, Environment.ProcessorCount)}
            allow_overlap: true
            model: {Path.GetRelativePath(root, model.Model)}
            data:
              {model.Data}
            stages:
            {(model.Count is null ? "" : $"  - count: {model.Count}\n")}  - prune: {prune}
              - evaluate: {model.Evaluate}
            sweep:
              {axis}

            """);
        var sweep = "";
        var warm = SweepFile.Load(RecipeSource.Read(recipe), [], [], []).Points[^1]; // loads, hashes, and finds memory for whatever comes first
        Runner.Run(RunPlanner.Plan(warm.File, Cpu, digests: _digests), FolderOf("warm"));
        List<string> together = [], apart = [];
        var ofSweep = SideBySide.Time(() => sweep = Sweep(recipe, FolderOf("sweep")));
        var inOneFolder = SideBySide.Time(() => together = Runs(recipe, _ => FolderOf("together")));
        var alone = SideBySide.Time(() => apart = Runs(recipe, point => Path.Combine(FolderOf("apart"), point)));
        var (attention, experts) = Computed(model.Model, together);
        foreach (var (folder, number) in together.Select((folder, i) => (folder, i + 1)))
        {
            RefuseDifference(folder, Path.Combine(sweep, "points", number.ToString("D3", CultureInfo.InvariantCulture)));
            RefuseDifference(folder, apart[number - 1]);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {model.Name} | {plans} | {ofSweep.TotalSeconds:F1} | {inOneFolder.TotalSeconds:F1} | {alone.TotalSeconds:F1} | {inOneFolder / ofSweep:F2} | {alone / ofSweep:F2} | {attention:P0} | {experts:P0} |"));
        ratios.Add($"runs in one folder beside a sweep, {model.Name}, {plans}", inOneFolder / ofSweep);
        ratios.Add($"runs apart beside a sweep, {model.Name}, {plans}", alone / ofSweep);
    }

    private string Sweep(string recipe, string root)
    {
        var plan = SweepPlanner.Plan(SweepFile.Load(RecipeSource.Read(recipe), [], [], []), Cpu, digests: _digests);
        var folder = SweepFolder.Create(root, plan, new SweepLaunch("", "cpu", "float32", []));
        new LocalExecutor().Run(SweepWork.Of(folder, plan, folder.Cache(_digests)), progress: null, CancellationToken.None);
        return folder.Path;
    }

    private List<string> Runs(string recipe, Func<string, string> rootOf) =>
    [
        .. SweepFile.Load(RecipeSource.Read(recipe), [], [], []).Points.Select(point =>
            Runner.Run(RunPlanner.Plan(point.File, Cpu, digests: _digests), rootOf(point.Name), cache: new StageCache(rootOf(point.Name), _digests)).Folder),
    ];

    /// <summary>Passes of a batch through attention, and through experts, as a share of one a point and layer.</summary>
    private static (double Attention, double Experts) Computed(string model, IReadOnlyCollection<string> runs)
    {
        using var checkpoint = Checkpoint.Open(model);
        var shape = ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config);
        var branches = new MaskBranches([.. runs.Select(run => ExpertMask.Of(PrunePlanFile.Read(Directory.GetFiles(run, "prune-plan.json", SearchOption.AllDirectories).Single()), shape))]);
        double Share(int shift) => Enumerable.Range(shift, shape.Layers).Sum(layer => branches.Before(layer).Count) / (double)(runs.Count * shape.Layers);
        return (Share(0), Share(1));
    }

    /// <summary>n experts fewer in each layer of the second half: nested, as of growing ratios.</summary>
    private static IEnumerable<string> PlansOfSecondHalf(string root) => Enumerable.Range(1, Points).Select(point =>
    {
        var name = $"{point}.json";
        var layers = Enumerable.Range(MidMixtral.Layers / 2, MidMixtral.Layers / 2).Select(layer =>
        {
            // One expert more goes from a layer at a time, the last layers first.
            var dropped = Math.Min(MidMixtral.Experts - MidMixtral.TopK, (point + layer - (MidMixtral.Layers / 2)) / 2);
            return new LayerPlan(layer, null, [.. Enumerable.Range(dropped, MidMixtral.Experts - dropped)], null);
        });
        PrunePlanFile.Write(Path.Combine(root, name), new PrunePlan(null, null, null, null, null, [.. layers]));
        return name;
    });

    private static void RefuseDifference(string one, string other)
    {
        static string Evaluation(string run) => File.ReadAllText(Directory.GetFiles(run, EvaluationReport.FileName, SearchOption.AllDirectories).Single());
        if (Evaluation(one) != Evaluation(other))
        {
            throw new InvalidOperationException($"{one} and {other} hold different numbers.");
        }
    }
}
