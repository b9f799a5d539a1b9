using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Tests.Planning;

/// <summary>A run that is judged by what it learned from is refused before anything runs.</summary>
public sealed class DataThatOverlap : IDisposable
{
    private const string Recipe =
        """
        name: overlap
        model: model
        data:
          learned: { path: learned.jsonl, format: jsonl }
          held-out: { path: held-out.jsonl, format: jsonl }
          facts: { path: facts.jsonl, format: choices }
        stages:
          - count: { data: learned, window: 64 }
          - evaluate: { tasks: [held-out, facts] }

        """;

    private readonly TinyProject _project = new();

    public DataThatOverlap()
    {
        Write("learned.jsonl", "{\"text\": \"an owl\"}\n{\"text\": \"The   hare\\n ran \"}\n{\"text\": \"a hawk\"}\n");
        Write("held-out.jsonl", "{\"text\": \"a mole\"}\n{\"text\": \"a vole\"}\n");
        Write("facts.jsonl", "{\"question\": \"1 plus 1 is\", \"choices\": [\"2\", \"3\"], \"answer\": 0}\n");
    }

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Disjoint_ones_are_planned() => Assert.Equal(2, _project.PlanOf(Recipe).Stages.Length);

    [Fact]
    public void A_document_on_both_sides_is_refused_whatever_its_case_and_white_space()
    {
        Write("held-out.jsonl", "{\"text\": \"a mole\"}\n{\"text\": \"the hare ran\"}\n");
        var error = Assert.Throws<InputException>(() => _project.PlanOf(Recipe));

        Assert.Equal("1 of 3 documents of 'learned' judge the model too: the first is held-out.jsonl(2) of held-out.", error.What);
        Assert.Equal(_project["learned.jsonl"] + "(2)", error.Where);
        Assert.Contains("--allow-overlap", error.WhatToDo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 plus 1 is")]
    [InlineData("1 plus 1 is 2")]
    public void A_question_alone_or_with_its_answer_counts_too(string text)
    {
        Write("learned.jsonl", $"{{\"text\": \"{text}\"}}\n");

        Assert.Contains("facts.jsonl(1) of facts", Assert.Throws<InputException>(() => _project.PlanOf(Recipe)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_that_is_a_question_counts_though_its_completion_alone_is_learned()
    {
        Write("train.jsonl", "{\"prompt\": \"1 plus 1 is\", \"completion\": \" 3\"}\n");
        var recipe = Recipe
            .Replace("  facts:", "  train: { path: train.jsonl, format: jsonl, prompt_field: prompt, field: completion }\n  facts:", StringComparison.Ordinal)
            .Replace("  - evaluate:", "  - regularize: { data: train, steps: 1, window: 64 }\n  - evaluate:", StringComparison.Ordinal);

        Assert.StartsWith("1 of 1 documents of 'train'", Assert.Throws<InputException>(() => _project.PlanOf(recipe)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_data_are_checked_as_well()
    {
        Write("train.jsonl", "{\"text\": \"a vole\"}\n");
        var recipe = Recipe
            .Replace("  facts:", "  train: { path: train.jsonl, format: jsonl }\n  facts:", StringComparison.Ordinal)
            .Replace("  - evaluate:", "  - regularize: { data: train, steps: 1, window: 64 }\n  - evaluate:", StringComparison.Ordinal);

        Assert.StartsWith("1 of 1 documents of 'train'", Assert.Throws<InputException>(() => _project.PlanOf(recipe)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_lines_are_compared_by_their_real_tokens()
    {
        Write("learned.jsonl", "{\"input_ids\": [0, 1, 2, 3], \"attention_mask\": [0, 1, 1, 1]}\n");
        Write("held-out.jsonl", "{\"input_ids\": [1, 2, 3]}\n");

        Assert.Contains("1 of 1 documents", Assert.Throws<InputException>(() => _project.PlanOf(Recipe.Replace("jsonl, format: jsonl", "jsonl, format: tokens", StringComparison.Ordinal))).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Allowed_ones_run_and_the_lock_says_so()
    {
        Write("held-out.jsonl", "{\"text\": \"an owl\"}\n");
        var outcome = Runner.Run(_project.PlanOf("allow_overlap: true\n" + Recipe), _project["runs"]);

        Assert.True((bool)outcome.Lock.Stages[1].Options["allow_overlap"]!);
        Assert.Contains("allow_overlap: true", File.ReadAllText(Path.Combine(outcome.Folder, "recipe.yaml")), StringComparison.Ordinal);
        Assert.False(_project.PlanOf(Recipe.Replace("held-out]", "facts]", StringComparison.Ordinal).Replace("[held-out, facts]", "[facts]", StringComparison.Ordinal)).Stages[1].Options.ContainsKey("allow_overlap"));
    }

    private void Write(string name, string text) => File.WriteAllText(_project[name], text);
}
