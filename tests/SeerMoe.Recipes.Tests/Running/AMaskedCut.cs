using System.Text.Json.Nodes;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Tests.Yaml;

namespace SeerMoe.Recipes.Tests.Running;

public sealed class AMaskedCut : IDisposable
{
    private const string Recipe =
        """
        name: masked
        seed: 17
        model: model
        data:
          counted: { path: data/counted.jsonl, format: tokens }
          tokens: { path: data/tokens.jsonl, format: tokens }
          facts: { path: data/facts.jsonl, format: choices }
        stages:
          - count: { data: counted, batch: 2 }
          - prune: { criterion: soft, scope: layer, ratio: 0.25 }
          - evaluate: { cut: masked, tasks: [tokens, facts], compare: [base, random], random_seeds: 2, batch: 4 }

        """;

    private readonly TinyProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Leaves_the_plan_and_no_checkpoint()
    {
        var outcome = Runner.Run(_project.PlanOf(Recipe), _project["runs"]);

        Assert.Equal([Path.Combine(outcome.Folder, "2-prune", "prune-plan.json")], Directory.EnumerateFileSystemEntries(Path.Combine(outcome.Folder, "2-prune")));
        Assert.Empty(RunVerifier.Verify(outcome.Folder).Findings);
    }

    [Fact]
    public void Scores_what_the_cut_itself_would()
    {
        var masked = Evaluation(Runner.Run(_project.PlanOf(Recipe), _project["runs"]));
        var written = Evaluation(Runner.Run(_project.PlanOf(Recipe.Replace("cut: masked, ", "", StringComparison.Ordinal)), _project["runs"]));

        Assert.Equal(1, (double)masked["results"]!["tokens"]!["perplexity"]! / (double)written["results"]!["tokens"]!["perplexity"]!, 1e-6);
        Assert.Equal((double)written["results"]!["facts"]!["kl_to_base"]!, (double)masked["results"]!["facts"]!["kl_to_base"]!, 1e-6);
        Assert.Equal(written["results"]!["facts"]!["paired"]!.ToJsonString(), masked["results"]!["facts"]!["paired"]!.ToJsonString());
        Assert.Equal((double)written["results"]!["facts"]!["acc"]!, (double)masked["results"]!["facts"]!["acc"]!);
        Assert.Equal(written["footprint"]!.ToJsonString(), masked["footprint"]!.ToJsonString());
        Assert.Equal(written["neighbours"]!.ToJsonString(), masked["neighbours"]!.ToJsonString());
    }

    [Fact]
    public void Is_another_stage_than_one_that_is_written_and_says_so_in_the_plan()
    {
        var masked = _project.PlanOf(Recipe);
        var written = _project.PlanOf(Recipe.Replace("cut: masked, ", "", StringComparison.Ordinal));

        Assert.Equal(written.Stages[0].Key, masked.Stages[0].Key);
        Assert.NotEqual(written.Stages[1].Key, masked.Stages[1].Key);
        Assert.Equal(0, masked.Stages[1].DiskBytes);
        Assert.EndsWith("; what the plan drops is masked, not cut", masked.Stages[2].Does, StringComparison.Ordinal);
    }

    [Fact]
    public void Cannot_be_regularized_or_be_of_nothing()
    {
        Assert.Equal(
            """
            recipe.yaml(11,24): a masked cut can't be regularized
                - evaluate:   { cut: masked, tasks: [calibration, facts], compare: [base, random] }
                                     ^^^^^^
              Training needs the pruned checkpoint: leave 'cut' out, or the regularize stage.
            """,
            Example.Faults(Example.With("{ tasks:", "{ cut: masked, tasks:")));
        Assert.Equal(
            """
            recipe.yaml(9,22): there is no prune stage whose cut could be masked
                - evaluate: { cut: masked, tasks: [tokens, facts] }
                                   ^^^^^^
              Leave 'cut' out, or add a prune stage.
            """,
            Example.Faults(Recipe
                .Replace("  - count: { data: counted, batch: 2 }\n  - prune: { criterion: soft, scope: layer, ratio: 0.25 }\n", "", StringComparison.Ordinal)
                .Replace(", compare: [base, random], random_seeds: 2, batch: 4", "", StringComparison.Ordinal)));
    }

    private static JsonNode Evaluation(RunOutcome outcome) => JsonNode.Parse(File.ReadAllText(Path.Combine(outcome.Folder, "3-evaluate", EvaluationReport.FileName)))!;
}
