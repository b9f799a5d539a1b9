using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Recipes.Tests.Planning;

/// <summary>Known tasks and task files in a recipe.</summary>
public sealed class TasksOfARecipe : IDisposable
{
    private const string Recipe =
        """
        name: tasks
        seed: 17
        model: model
        data:
          facts: { path: data/facts.jsonl, format: choices }
          mine: { path: data, format: folder }
        stages:
          - evaluate: { tasks: [facts, { task: data/mine.yaml, data: mine, shots: 1, limit: 2 }], limit: 3 }

        """;

    private const string Mine =
        """
        name: mine
        version: 4
        form: multiple_choice
        data:
          format: tsv
          columns: [q, a]
          splits: { test: { path: test.tsv, rows: 3 }, train: { path: train.tsv } }
        split: test
        few_shot: { split: train }
        doc_to_text: "{{q}}"
        doc_to_choice: ["yes", "no"]
        doc_to_target: "{{a}}"
        target_among: ["1", "0"]
        metrics: [acc]

        """;

    private readonly TinyProject _project = new();

    public TasksOfARecipe()
    {
        File.WriteAllText(_project["data/mine.yaml"], Mine);
        File.WriteAllText(_project["data/test.tsv"], "Is 1 odd?\t1\nIs 2 odd?\t0\nIs 3 odd?\t1\n");
        File.WriteAllText(_project["data/train.tsv"], "Is 5 odd?\t1\n");
    }

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Are_inputs_file_by_file()
    {
        var stage = _project.PlanOf(Recipe).Stages.Single();

        Assert.Equal(["data/facts", "data/mine/test.tsv", "data/mine/train.tsv", "task/mine"], stage.Inputs.Select(input => input.Name).Where(name => !name.StartsWith("model/", StringComparison.Ordinal)));
        Assert.Equal("score facts, mine (1 shots)", stage.Does);
    }

    [Fact]
    public void Are_part_of_the_key_with_their_options_and_their_text()
    {
        var key = _project.PlanOf(Recipe).Stages.Single().Key;

        Assert.NotEqual(key, _project.PlanOf(Recipe.Replace("shots: 1", "shots: 0", StringComparison.Ordinal)).Stages.Single().Key);
        File.WriteAllText(_project["data/mine.yaml"], Mine.Replace("version: 4", "version: 5", StringComparison.Ordinal));
        Assert.NotEqual(key, _project.PlanOf(Recipe).Stages.Single().Key);
    }

    [Fact]
    public void Of_this_tool_enter_with_their_version()
    {
        var recipe = RecipeFile.Parse(Recipe.Replace("task: data/mine.yaml", "task: wikitext", StringComparison.Ordinal), "recipe.yaml", []).Recipe;

        Assert.Equal("""{"wikitext":2}""", StageOptions.Of(recipe, recipe.Stages[0])["versions"]!.ToJsonString());
    }

    [Fact]
    public void Are_written_back_as_they_were_read()
    {
        var recipe = RecipeFile.Parse(Recipe, "recipe.yaml", []).Recipe;

        Assert.Equal(recipe, RecipeFile.Parse(RecipeYaml.Write(recipe), "recipe.yaml", []).Recipe);
    }

    [Fact]
    public void Are_scored_with_their_own_limit()
    {
        var outcome = Runner.Run(_project.PlanOf(Recipe), _project["runs"]);
        var results = outcome.Results.OfType<EvaluateResult>().Single().Report.Evaluation.Results;

        Assert.Equal([("facts", 3, null, 1), ("mine", 2, 1, 4)], results.Select(result => (result.Key, (int)result.Value.N, result.Value.Shots, result.Value.Version)));
    }

    [Fact]
    public void Are_refused_with_a_damaged_row_before_anything_runs()
    {
        File.WriteAllText(_project["data/test.tsv"], "Is 1 odd?\t1\nIs 2 odd?\t7\nIs 3 odd?\t1\n");

        var message = Assert.Throws<RecipeException>(() => _project.PlanOf(Recipe)).Message;
        Assert.Contains("recipe.yaml(8,32): The row can't be used: answer 7 is none of the 2 choices", message, StringComparison.Ordinal);
        Assert.Contains("test.tsv(2)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Are_refused_where_two_have_one_name()
    {
        var message = Assert.Throws<RecipeException>(() => _project.PlanOf(Recipe.Replace("facts", "mine2", StringComparison.Ordinal).Replace("data/mine2.jsonl", "data/facts.jsonl", StringComparison.Ordinal).Replace("mine2,", "mine2, { task: data/mine.yaml, data: mine },", StringComparison.Ordinal))).Message;
        Assert.Contains("names 'mine' twice", message, StringComparison.Ordinal);
    }
}
