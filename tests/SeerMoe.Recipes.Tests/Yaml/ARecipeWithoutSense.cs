namespace SeerMoe.Recipes.Tests.Yaml;

public sealed class ARecipeWithoutSense
{
    [Theory]
    [InlineData(
        "count:      { data: calibration",
        "count:      { data: calibratoin",
        """
        recipe.yaml(8,25): unknown data 'calibratoin' in count
            - count:      { data: calibratoin, tokens: 65536, window: 256 }
                                  ^^^^^^^^^^^
          Did you mean 'calibration'?
        """)]
    [InlineData(
        "tasks: [calibration, facts]",
        "tasks: [calibration, mmlu]",
        """
        recipe.yaml(11,40): the task 'mmlu' has no data
            - evaluate:   { tasks: [calibration, mmlu], compare: [base, random] }
                                                 ^^^^
          Add a data entry of format folder, and write { task: mmlu, data: its name } here.
        """)]
    [InlineData(
        "tasks: [calibration, facts]",
        "tasks: [calibration, fact]",
        """
        recipe.yaml(11,40): unknown data 'fact' in evaluate
            - evaluate:   { tasks: [calibration, fact], compare: [base, random] }
                                                 ^^^^
          Did you mean 'facts'?
        """)]
    [InlineData(
        "tasks: [calibration, facts]",
        "tasks: [{ task: mmlu, data: facts, shots: 5 }]",
        """
        recipe.yaml(11,47): 'facts' is a file, and the task mmlu reads a folder
            - evaluate:   { tasks: [{ task: mmlu, data: facts, shots: 5 }], compare: [base, random] }
                                                        ^^^^^
          Name data of format folder.
        """)]
    [InlineData(
        "tasks: [calibration, facts]",
        "tasks: [{ data: facts, shots: 5 }]",
        """
        recipe.yaml(11,35): 'facts' is a file, which has neither 'shots' nor a 'limit' of its own
            - evaluate:   { tasks: [{ data: facts, shots: 5 }], compare: [base, random] }
                                            ^^^^^
          Write its name alone; evaluate.limit is for all tasks.
        """)]
    [InlineData(
        "facts: { path: facts.jsonl, format: choices }",
        "facts: { path: facts, format: folder }",
        """
        recipe.yaml(11,40): unknown task 'facts'
            - evaluate:   { tasks: [calibration, facts], compare: [base, random] }
                                                 ^^^^^
          Known (or the path of a .yaml file): arc_challenge, arc_easy, hellaswag, lambada, mmlu, openbookqa, piqa, sst5, wikitext, winogrande.
        """)]
    [InlineData(
        "count:      { data: calibration",
        "count:      { data: facts",
        """
        recipe.yaml(8,25): 'facts' holds choices, and count reads text
            - count:      { data: facts, tokens: 65536, window: 256 }
                                  ^^^^^
          Name data of format text, jsonl or tokens.
        """)]
    [InlineData(
        "- prune:",
        "- prunes:",
        """
        recipe.yaml(9,5): unknown stage 'prunes'
            - prunes:      { criterion: soft, scope: global, ratio: 0.25 }
              ^^^^^^
          Did you mean 'prune'?
        """)]
    [InlineData(
        ", ratio: 0.25",
        "",
        """
        recipe.yaml(9,5): prune lacks one of the keys 'ratio', 'keep' and 'plan'
            - prune:      { criterion: soft, scope: global }
              ^^^^^
        """)]
    [InlineData(
        "ratio: 0.25",
        "ratio: 0.25, keep: 6",
        """
        recipe.yaml(9,70): prune.keep and prune.ratio exclude each other
            - prune:      { criterion: soft, scope: global, ratio: 0.25, keep: 6 }
                                                                               ^
          Give the share to drop, or the number to keep.
        """)]
    [InlineData(
        "ratio: 0.25",
        "plan: mine.json",
        """
        recipe.yaml(9,30): prune.criterion has no meaning beside a plan file
            - prune:      { criterion: soft, scope: global, plan: mine.json }
                                       ^^^^
          A plan is applied as it stands: leave 'criterion' out.
        recipe.yaml(9,43): prune.scope has no meaning beside a plan file
            - prune:      { criterion: soft, scope: global, plan: mine.json }
                                                    ^^^^^^
          A plan is applied as it stands: leave 'scope' out.
        recipe.yaml(11,64): a random control needs a prune stage with 'ratio' or 'keep'
            - evaluate:   { tasks: [calibration, facts], compare: [base, random] }
                                                                         ^^^^^^
          It drops as many experts at random as that stage drops by its criterion.
        """)]
    [InlineData(
        "  - count:      { data: calibration, tokens: 65536, window: 256 }\n",
        "",
        """
        recipe.yaml(8,5): prune has no statistics to go by
            - prune:      { criterion: soft, scope: global, ratio: 0.25 }
              ^^^^^
          Put a count stage before it, or give it a plan file with 'plan'.
        """)]
    [InlineData(
        "  - count:      { data: calibration, tokens: 65536, window: 256 }\n  - prune:      { criterion: soft, scope: global, ratio: 0.25 }\n",
        "  - prune: { ratio: 0.25 }\n  - count: { data: calibration }\n",
        """
        recipe.yaml(9,5): count can't come after prune
            - count: { data: calibration }
              ^^^^^
          The order is count, prune, regularize, evaluate.
        """)]
    [InlineData(
        "  - evaluate:",
        "  - count: { data: calibration }\n  - evaluate:",
        """
        recipe.yaml(11,5): a second count stage
            - count: { data: calibration }
              ^^^^^
          A run has one of each; make a second recipe of it.
        """)]
    [InlineData(
        "  - evaluate:",
        "  - prune: { ratoi: 0.5 }\n  - evaluate:",
        """
        recipe.yaml(11,5): a second prune stage
            - prune: { ratoi: 0.5 }
              ^^^^^
          A run has one of each; make a second recipe of it.
        recipe.yaml(11,14): unknown key 'ratoi' in prune
            - prune: { ratoi: 0.5 }
                       ^^^^^
          Did you mean 'ratio'?
        """)]
    [InlineData(
        "  - evaluate:   { tasks: [calibration, facts], compare: [base, random] }",
        "sweep:\n  prune.ratio: [0, 0.25, 0.5]",
        """
        recipe.yaml(11,1): a sweep is many runs, and this must be one
            sweep:
            ^^^^^
          Leave 'sweep' out.
        """)]
    [InlineData(
        "{ from: 2, to: 1, schedule",
        "{ from: 2, to: 3, schedule",
        """
        recipe.yaml(10,93): regularize.top_k.to must be at most 2 (its 'from'), not 3
            ...ion, steps: 200, entropy_weight: 0.1, top_k: { from: 2, to: 3, schedule: step, at: 0.5 }, tune: all }
                                                                           ^
        """)]
    [InlineData(
        "steps: 200",
        "steps: 200, warm_up: 201",
        """
        recipe.yaml(10,59): regularize.warm_up is longer than all 200 steps
            - regularize: { data: calibration, steps: 200, warm_up: 201, entropy_weight: 0.1, top_k: { from: 2, to: 1, schedule: ste...
                                                                    ^^^
        """)]
    [InlineData(
        "format: choices",
        "format: choices, field: question",
        """
        recipe.yaml(6,55): data.facts.field has no meaning here
            facts: { path: facts.jsonl, format: choices, field: question }
                                                                ^^^^^^^^
          Only format: jsonl reads its text from a field.
        """)]
    [InlineData(
        ", format: choices",
        "",
        """
        recipe.yaml(6,18): data.facts lacks a format, which a .jsonl file needs
            facts: { path: facts.jsonl }
                           ^^^^^^^^^^^
          Write format: jsonl, tokens or choices (or text, if it is plain text after all).
        """)]
    [InlineData(
        "tasks: [calibration, facts]",
        "tasks: []",
        """
        recipe.yaml(11,26): evaluate.tasks is empty
            - evaluate:   { tasks: [], compare: [base, random] }
                                   ^
          Name data entries: choices are scored as multiple choice, text by perplexity, folders by the task of their name.
        """)]
    [InlineData(
        "tasks: [calibration, facts]",
        "tasks: [facts, facts]",
        """
        recipe.yaml(11,34): evaluate.tasks names 'facts' twice
            - evaluate:   { tasks: [facts, facts], compare: [base, random] }
                                           ^^^^^
        """)]
    [InlineData(
        "  - prune:      { criterion: soft, scope: global, ratio: 0.25 }\n",
        "",
        """
        recipe.yaml(10,64): a random control needs a prune stage with 'ratio' or 'keep'
            - evaluate:   { tasks: [calibration, facts], compare: [base, random] }
                                                                         ^^^^^^
          It drops as many experts at random as that stage drops by its criterion.
        """)]
    [InlineData(
        "  - prune:      {",
        "    prune:      {",
        """
        recipe.yaml(9,5): a second key 'prune' in one stage
            prune:      { criterion: soft, scope: global, ratio: 0.25 }
            ^^^^^
          Put a '-' before each stage, and a stage's options into { } or indented below it.
        """)]
    [InlineData(
        "- count:      { data: calibration, tokens: 65536, window: 256 }",
        "- [count]",
        """
        recipe.yaml(8,5): a stage must be a mapping like 'count: { data: calibration }', not a list
            - [count]
              ^
        """)]
    [InlineData(
        "compare: [base, random]",
        "compare: [base], random_seeds: 5",
        """
        recipe.yaml(11,79): evaluate.random_seeds has no meaning here
            - evaluate:   { tasks: [calibration, facts], compare: [base], random_seeds: 5 }
                                                                                        ^
          Only a random control draws by seeds: add 'random' to 'compare', or leave the key out.
        """)]
    public void Is_told_why(string line, string broken, string faults)
    {
        Assert.Equal(faults, Example.Faults(Example.With(line, broken)));
    }

    [Fact]
    public void Is_told_everything_at_once()
    {
        var text = Example.With("ratio: 0.25", "ratoi: 0.25")
            .Replace("seed: 17", "seed: none", StringComparison.Ordinal)
            .Replace("tune: all", "tune: al", StringComparison.Ordinal)
            .Replace("tasks: [calibration, facts]", "tasks: [calibration, fact]", StringComparison.Ordinal);

        Assert.Equal(
            [
                "recipe.yaml(2,7): seed must be a whole number, not 'none'",
                "recipe.yaml(9,51): unknown key 'ratoi' in prune",
                "recipe.yaml(10,129): unknown tune 'al'",
                "recipe.yaml(11,40): unknown data 'fact' in evaluate",
            ],
            Example.Faults(text).Split('\n').Where(line => line.StartsWith("recipe.yaml", StringComparison.Ordinal)));
    }
}
