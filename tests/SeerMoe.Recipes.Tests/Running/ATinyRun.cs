using System.Text.Json.Nodes;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Tests.Running;

public sealed class ATinyRun : IDisposable
{
    private readonly TinyProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Leaves_every_artifact_and_a_lock_that_verifies()
    {
        var outcome = Runner.Run(_project.Plan(), _project["runs"]);

        Assert.Equal(_project["runs/tiny/1"], outcome.Folder);
        Assert.Equal(
            [
                "1-count/statistics.json",
                "1-count/statistics.safetensors",
                "2-prune/checkpoint/README.md",
                "2-prune/checkpoint/config.json",
                "2-prune/checkpoint/model.safetensors",
                "2-prune/checkpoint/prune-plan.json",
                "2-prune/checkpoint/tokenizer.json",
                "2-prune/checkpoint/tokenizer_config.json",
                "2-prune/prune-plan.json",
                "3-regularize/checkpoint/README.md",
                "3-regularize/checkpoint/config.json",
                "3-regularize/checkpoint/model.safetensors",
                "3-regularize/checkpoint/tokenizer.json",
                "3-regularize/checkpoint/tokenizer_config.json",
                "3-regularize/training.jsonl",
                "4-evaluate/evaluation.json",
                "events.jsonl",
                "model-card.md",
                "recipe.yaml",
                "report.html",
                "seer.lock.json",
            ],
            Files(outcome.Folder));
        Assert.Empty(RunVerifier.Verify(outcome.Folder).Findings);
    }

    [Fact]
    public void Gives_the_same_bytes_twice_wherever_it_is_written()
    {
        var first = Runner.Run(_project.Plan(), _project["runs"]).Folder;
        var second = Runner.Run(_project.Plan(), _project["elsewhere/deeper"]).Folder;

        Assert.Equal(Files(first), Files(second));
        foreach (var file in Files(first).Where(file => file != RunEvents.Name))
        {
            Assert.True(File.ReadAllBytes(Path.Combine(first, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(second, file))), file);
        }
    }

    [Fact]
    public void Puts_the_results_beside_the_full_the_random_and_the_pruned_model()
    {
        var outcome = Runner.Run(_project.Plan(), _project["runs"]);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(outcome.Folder, "4-evaluate/evaluation.json")))!.AsObject();

        Assert.Equal(["schema", "results", "footprint", "neighbours"], json.Select(pair => pair.Key));
        Assert.Equal("seer/evaluation@1", (string?)json["schema"]);
        Assert.Equal(["facts", "tokens"], json["results"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(["full", "random", "pruned"], json["neighbours"]!.AsObject().Select(pair => pair.Key));
        var random = json["neighbours"]!["random"]!;
        Assert.Equal("[18,19]", random["seeds"]!.ToJsonString());
        var ofSeeds = random["per_seed"]!.AsArray().Select(results => (double)results!["tokens"]!["perplexity"]!).ToList();
        Assert.Equal(ofSeeds.Average(), (double)random["results"]!["tokens"]!["perplexity"]!, 1e-12);
        Assert.Equal(Math.Abs(ofSeeds[0] - ofSeeds[1]) / 2, (double)random["results"]!["tokens"]!["perplexity_stderr"]!, 1e-12);
        Assert.True((long)json["footprint"]!["parameters"]! < (long)json["neighbours"]!["full"]!["footprint"]!["parameters"]!);
        Assert.Equal((long)json["footprint"]!["parameters"]!, (long)random["footprint"]!["parameters"]!);

        var report = outcome.Result<EvaluateResult>()!.Report;
        Assert.Equal((double)json["results"]!["tokens"]!["perplexity"]!, report.Evaluation.Results["tokens"].Perplexity);
        Assert.NotNull(report.Neighbours!.Pruned);
    }

    [Fact]
    public void Keeps_the_plan_that_it_cut_by()
    {
        var outcome = Runner.Run(_project.Plan(), _project["runs"]);
        var plan = PrunePlanFile.Read(Path.Combine(outcome.Folder, "2-prune/prune-plan.json"));

        Assert.All(plan.Layers, layer => Assert.Equal(3, layer.Survivors.Length));
        Assert.Equal(PrunePlanFile.Text(plan), PrunePlanFile.Text(outcome.Result<PruneResult>()!.Plan));
    }

    [Fact]
    public void Of_a_frozen_recipe_is_the_same_run()
    {
        var first = Runner.Run(_project.Plan(), _project["runs"]).Folder;
        File.Copy(Path.Combine(first, FrozenRecipe.Name), _project["recipe.yaml"], overwrite: true);
        var second = Runner.Run(_project.Plan(), _project["elsewhere"]).Folder;

        Assert.Equal(File.ReadAllText(Path.Combine(first, LockFile.Name)), File.ReadAllText(Path.Combine(second, LockFile.Name)));
    }

    [Fact]
    public void Of_regularize_and_evaluate_alone_starts_from_the_model()
    {
        var plan = _project.PlanOf(
            """
            name: short
            allow_overlap: true
            model: model
            data:
              text: { path: data/text.txt }
            stages:
              - regularize: { data: text, steps: 1, batch: 1, window: 16 }
              - evaluate: { tasks: [text], compare: [base] }
            """);

        var neighbours = Runner.Run(plan, _project["runs"]).Result<EvaluateResult>()!.Report.Neighbours!;

        Assert.NotNull(neighbours.Full);
        Assert.Null(neighbours.Random);
        Assert.Null(neighbours.Pruned);
    }

    [Fact]
    public void Of_a_plan_file_cuts_by_it_as_it_stands()
    {
        File.WriteAllText(_project["mine.json"], """{ "layers": [ { "layer": 1, "survivors": [0, 2] } ] }""");
        var plan = _project.PlanOf(
            """
            name: mine
            model: model
            stages:
              - prune: { plan: mine.json }
            """);

        var folder = Runner.Run(plan, _project["runs"]).Folder;

        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "1-prune/checkpoint/config.json")))!;
        Assert.Equal("[4,2]", config["seer"]!["experts_per_layer"]!.ToJsonString());
    }

    [Fact]
    public void That_fails_leaves_no_lock_and_no_half_a_stage()
    {
        File.WriteAllText(_project["data/bad.jsonl"], "{ \"input_ids\": [1, 9999] }\n");
        var plan = _project.Plan("data.text.path=data/bad.jsonl", "data.text.format=tokens");

        Assert.Throws<InputException>(() => Runner.Run(plan, _project["runs"]));

        Assert.Equal([".unfinished", "1-count", "2-prune", "events.jsonl", "recipe.yaml"], Directory.EnumerateFileSystemEntries(_project["runs/tiny/1"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal("A run without a lock did not finish.", Assert.Throws<InputException>(() => RunVerifier.Verify(_project["runs/tiny/1"])).What);
    }

    [Fact]
    public void That_sees_an_input_change_gets_no_lock()
    {
        var plan = _project.Plan();
        File.AppendAllText(_project["data/text.txt"], "more");

        Assert.Equal("An input was changed while the run was under way.", Assert.Throws<InputException>(() => Runner.Run(plan, _project["runs"])).What);
        Assert.False(File.Exists(_project["runs/tiny/1/seer.lock.json"]));
    }

    [Fact]
    public void Says_which_stage_goes_on()
    {
        var told = new Told();
        Runner.Run(_project.Plan(), _project["runs"], told);

        Assert.Equal(["1-count", "3-regularize", "4-evaluate"], told.Stages.Distinct());
    }

    [Fact]
    public void Says_which_model_is_scored()
    {
        var told = new Told();
        Runner.Run(_project.Plan(), _project["runs"], told);

        Assert.Equal(
            ["full model", "regularized", "random 1/2", "random 2/2", "pruned"],
            told.What.Where(what => what.StartsWith("4-evaluate", StringComparison.Ordinal)).Select(what => what.Split(", ")[^1]).Distinct());
    }

    [Fact]
    public void Whose_ratio_is_zero_copies_the_model()
    {
        var folder = Runner.Run(_project.Plan("prune.ratio=0"), _project["runs"]).Folder;

        Assert.Equal(File.ReadAllBytes(_project["model/model.safetensors"]), File.ReadAllBytes(Path.Combine(folder, "2-prune/checkpoint/model.safetensors")));
    }

    [Fact]
    public void That_is_interrupted_gets_no_lock()
    {
        Assert.Throws<OperationCanceledException>(() => Runner.Run(_project.Plan(), _project["runs"], progress: null, new CancellationToken(canceled: true)));

        Assert.Equal([".unfinished/lock", ".unfinished/plan.json", "events.jsonl", "recipe.yaml"], Files(_project["runs/tiny/1"]));
    }

    private static List<string> Files(string folder) => [.. HashedFile.Below(folder, folder).Select(file => file.Path)];

    private sealed class Told : IProgress<Progress>
    {
        public List<string> What { get; } = [];

        public IEnumerable<string> Stages => What.Select(what => what[..what.IndexOf(':', StringComparison.Ordinal)]);

        public void Report(Progress value) => What.Add(value.What);
    }
}
