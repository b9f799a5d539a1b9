using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Tests.Scripting;

public sealed class ACriterionInCSharp : IDisposable
{
    private const string Coldest = "layer => [.. layer.Soft.Select(sum => -sum)]";

    private readonly Script _script = new();

    public void Dispose() => _script.Dispose();

    [Fact]
    public void Decides_who_survives()
    {
        var outcome = Run(With(Coldest));

        var plan = outcome.Result<PruneResult>()!.Plan;
        Assert.Equal("mine", plan.Criterion);
        var coldest = Run(Text("\"inverse\"")).Result<PruneResult>()!.Plan;
        Assert.Equal(coldest.Layers.SelectMany(layer => layer.Survivors), plan.Layers.SelectMany(layer => layer.Survivors));
        Assert.NotEqual(Run(Text("\"soft\"")).Result<PruneResult>()!.Plan.Layers.SelectMany(layer => layer.Survivors), plan.Layers.SelectMany(layer => layer.Survivors));
    }

    [Fact]
    public void May_look_at_all_layers_together()
    {
        var plan = Run(With("(all, layer) => [.. layer.Soft.Select(sum => sum / all.Tokens * all.Layers.Length)]")).Result<PruneResult>()!.Plan;

        Assert.All(plan.Layers, layer => Assert.Equal(plan.Layers.Length, layer.Scores!.Value.Sum(), 1e-6));
    }

    [Fact]
    public void Has_its_text_in_the_options_that_the_lock_records_and_the_key_covers()
    {
        var options = _script.Plan(With(Coldest)).Stages[1].Options;

        Assert.Equal($$"""{"name":"mine","source":"{{Coldest}}"}""", options["criterion"]!.ToJsonString(SeerJson.Line));
    }

    [Theory]
    [InlineData("layer => [.. layer.Soft.Select(sum => 1 - sum)]", true)]
    [InlineData("layer => [.. layer.Soft.Select(sum => -sum)] /* outside of the text */", false)]
    [InlineData("layer =>\n    [.. layer.Soft.Select(sum => -sum)]", true)]
    public void Changes_the_key_with_its_text(string other, bool changes)
    {
        var keys = new[] { Coldest, other }.Select(lambda => _script.Plan(With(lambda)).Stages[1].Key).Distinct();

        Assert.Equal(changes ? 2 : 1, keys.Count());
    }

    [Fact]
    public void Has_the_same_key_whatever_ends_its_lines()
    {
        var (unix, windows) = (With("layer =>\n    layer.Soft"), With("layer =>\r\n    layer.Soft"));

        Assert.Equal(_script.Plan(unix).Stages[1].Key, _script.Plan(windows).Stages[1].Key);
    }

    [Fact]
    public void Is_frozen_as_text_that_verifies_and_does_not_run()
    {
        var outcome = Run(With("layer =>\n    /* \"hot\" */ layer.Soft"));
        var frozen = Path.Combine(outcome.Folder, "recipe.yaml");
        Assert.Contains("      criterion:\n        name: mine\n        source: \"layer =>\\n    /* \\\"hot\\\" */ layer.Soft\"\n", File.ReadAllText(frozen), StringComparison.Ordinal);
        Assert.Empty(RunVerifier.Verify(outcome.Folder).Findings);

        var file = RecipeFile.Load(frozen, [$"model={Path.GetRelativePath(outcome.Folder, _script.Project["model"])}", $"data.tokens.path={Path.GetRelativePath(outcome.Folder, _script.Project["data/tokens.jsonl"])}"]);
        var fault = Assert.Single(Assert.Throws<RecipeException>(() => RunPlanner.Plan(file, TinyProject.Cpu)).Diagnostics);
        Assert.Equal("the criterion 'mine' is C#, of which YAML holds only the text", fault.Message);
        Assert.Equal("Run the .csx script that it was written in.", fault.Hint);
        Assert.Equal(frozen, fault.Place!.Source);
    }

    [Theory]
    [InlineData("layer => [1, 2, 3]", "The criterion 'mine' gives 3 scores for the 4 experts of layer 0.")]
    [InlineData("layer => null", "The criterion 'mine' gives 0 scores for the 4 experts of layer 0.")]
    [InlineData("layer => [0, 1, 0.0 / 0, 3]", "The criterion 'mine' scores expert 2 of layer 0 as NaN.")]
    [InlineData("layer => throw new NotSupportedException(\"later\")", "The criterion 'mine' threw NotSupportedException on layer 0: later.")]
    public void Names_its_line_when_its_scores_are_none(string lambda, string what)
    {
        var refusal = Assert.Throws<InputException>(() => Run(With(lambda)));

        Assert.Equal(what, refusal.What);
        Assert.Equal($"{_script.Project["recipe.csx"]}(6,7)", refusal.Where);
    }

    [Theory]
    [InlineData(
        "layer => [.. layer.Soft.Select(sum => sum * factor)]",
        """
        recipe.csx(6,69): the criterion uses 'factor' of the script around it
            Prune(Criterion("mine", layer => [.. layer.Soft.Select(sum => sum * factor)]), Scope.Layer, ratio: 0.25);
                                                                                ^^^^^^
          Write it out inside the lambda: its text is all that the stage's key covers.
        """)]
    [InlineData(
        "layer => Scores(layer)",
        """
        recipe.csx(6,34): the criterion uses 'Scores' of the script around it
            Prune(Criterion("mine", layer => Scores(layer)), Scope.Layer, ratio: 0.25);
                                             ^^^^^^
          Write it out inside the lambda: its text is all that the stage's key covers.
        """)]
    [InlineData(
        "Scores",
        """
        recipe.csx(6,25): a criterion must be written as a lambda where it is named
            Prune(Criterion("mine", Scores), Scope.Layer, ratio: 0.25);
                                    ^^^^^^
          Its text is what tells it from other criteria, in the lock and in the stage's key.
        """)]
    [InlineData(
        "layer => [.. layer.Soft.Select(sum => sum * Seed)]",
        """
        recipe.csx(6,69): the criterion uses 'Seed' of the script around it
            Prune(Criterion("mine", layer => [.. layer.Soft.Select(sum => sum * Seed)]), Scope.Layer, ratio: 0.25);
                                                                                ^^^^
          Write it out inside the lambda: its text is all that the stage's key covers.
        """)]
    public void Uses_nothing_that_its_text_does_not_say(string lambda, string faults) =>
        Assert.Equal(faults, _script.Faults(With(lambda).Replace("// helpers", "double factor = 2; double[] Scores(LayerStatistics layer) => layer.Soft;", StringComparison.Ordinal)));

    [Fact]
    public void Has_a_name_that_no_other_criterion_has()
    {
        Assert.StartsWith(
            "recipe.csx(6,7): 'soft' is a criterion of the catalog\n",
            _script.Faults(With(Coldest).Replace("\"mine\"", "\"soft\"", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_way_to_an_override()
    {
        Assert.Equal("actual", _script.Load(With(Coldest), "prune.criterion=actual").Recipe.Step<PruneStep>()!.Criterion.Name);
    }

    private RunOutcome Run(string text) => Runner.Run(_script.Plan(text), _script.Project["runs"]);

    private static string With(string lambda) => Text($"Criterion(\"mine\", {lambda})");

    private static string Text(string criterion) =>
        $"""
        Name = "own";
        Model = "model";
        Data("tokens", "data/tokens.jsonl", Tokens);
        // helpers
        Count("tokens");
        Prune({criterion}, Scope.Layer, ratio: 0.25);
        """;
}
