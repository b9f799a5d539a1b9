namespace SeerMoe.Recipes.Tests.Yaml;

public sealed class ARecipeWithWrongValues
{
    [Theory]
    [InlineData(
        "ratio: 0.25",
        "ratio: a quarter",
        """
        recipe.yaml(9,58): prune.ratio must be a number, not 'a quarter'
            - prune:      { criterion: soft, scope: global, ratio: a quarter }
                                                                   ^^^^^^^^^
        """)]
    [InlineData(
        "ratio: 0.25",
        "ratio: \"0.25\"",
        """
        recipe.yaml(9,58): prune.ratio must be a number, not the text '0.25'
            - prune:      { criterion: soft, scope: global, ratio: "0.25" }
                                                                   ^^^^^^
        """)]
    [InlineData(
        "tokens: 65536",
        "tokens: 65536.5",
        """
        recipe.yaml(8,46): count.tokens must be a whole number, not '65536.5'
            - count:      { data: calibration, tokens: 65536.5, window: 256 }
                                                       ^^^^^^^
        """)]
    [InlineData(
        "tokens: 65536",
        "tokens: [1, 2]",
        """
        recipe.yaml(8,46): count.tokens must be a whole number, not a list
            - count:      { data: calibration, tokens: [1, 2], window: 256 }
                                                       ^
        """)]
    [InlineData(
        "seed: 17",
        "seed: -1",
        """
        recipe.yaml(2,7): seed must be at least 0, not -1
            seed: -1
                  ^^
        """)]
    [InlineData(
        "ratio: 0.25",
        "ratio: 1",
        """
        recipe.yaml(9,58): prune.ratio must be at least 0 and below 1, not 1
            - prune:      { criterion: soft, scope: global, ratio: 1 }
                                                                   ^
        """)]
    [InlineData(
        "ratio: 0.25",
        "ratio: .nan",
        """
        recipe.yaml(9,58): prune.ratio must be a number, not '.nan'
            - prune:      { criterion: soft, scope: global, ratio: .nan }
                                                                   ^^^^
        """)]
    [InlineData(
        "ratio: 0.25",
        "keep: 0",
        """
        recipe.yaml(9,57): prune.keep must be at least 1, not 0
            - prune:      { criterion: soft, scope: global, keep: 0 }
                                                                  ^
        """)]
    [InlineData(
        "at: 0.5",
        "at: 1.5",
        """
        recipe.yaml(10,116): regularize.top_k.at must be from 0 to 1, not 1.5
            ...y_weight: 0.1, top_k: { from: 2, to: 1, schedule: step, at: 1.5 }, tune: all }
                                                                           ^^^
        """)]
    [InlineData(
        "seed: 17",
        "seed: 99999999999999999999",
        """
        recipe.yaml(2,7): seed must be at most 9223372036854775807, not 99999999999999999999
            seed: 99999999999999999999
                  ^^^^^^^^^^^^^^^^^^^^
        """)]
    [InlineData(
        "name: quickstart",
        "name: ../up",
        """
        recipe.yaml(1,7): name can't be '../up'
            name: ../up
                  ^^^^^
          A name has letters, digits, '-', '_' and '.', starts with no '.', and is at most 100 long.
        """)]
    [InlineData(
        "criterion: soft",
        "criterion: sotf",
        """
        recipe.yaml(9,30): unknown criterion 'sotf'
            - prune:      { criterion: sotf, scope: global, ratio: 0.25 }
                                       ^^^^
          Did you mean 'soft'?
        """)]
    [InlineData(
        "scope: global",
        "scope: everywhere",
        """
        recipe.yaml(9,43): unknown scope 'everywhere'
            - prune:      { criterion: soft, scope: everywhere, ratio: 0.25 }
                                                    ^^^^^^^^^^
          Known: layer, global.
        """)]
    [InlineData(
        "schedule: step",
        "schedule: slow",
        """
        recipe.yaml(10,106): unknown schedule 'slow'
            ...00, entropy_weight: 0.1, top_k: { from: 2, to: 1, schedule: slow, at: 0.5 }, tune: all }
                                                                           ^^^^
          Known: step, linear, ramp.
        """)]
    [InlineData(
        "format: jsonl",
        "format: json",
        """
        recipe.yaml(5,51): unknown format 'json'
            calibration: { path: calibration.jsonl, format: json, field: body }
                                                            ^^^^
          Did you mean 'jsonl'?
        """)]
    [InlineData(
        "tune: all",
        "tune: router",
        """
        recipe.yaml(10,129): unknown tune 'router'
            ..., top_k: { from: 2, to: 1, schedule: step, at: 0.5 }, tune: router }
                                                                           ^^^^^^
          Did you mean 'routers'?
        """)]
    [InlineData(
        "[base, random]",
        "[bas, random]",
        """
        recipe.yaml(11,58): unknown comparison 'bas'
            - evaluate:   { tasks: [calibration, facts], compare: [bas, random] }
                                                                   ^^^
          Did you mean 'base'?
        """)]
    [InlineData(
        "model: ../tiny-moe",
        "model: /models/tiny-moe",
        """
        recipe.yaml(3,8): model can't be the absolute path '/models/tiny-moe'
            model: /models/tiny-moe
                   ^^^^^^^^^^^^^^^^
          Write it relative to the recipe's folder: the same recipe then gives the same lock on every machine.
        """)]
    [InlineData(
        "path: facts.jsonl",
        "path: /facts.jsonl",
        """
        recipe.yaml(6,18): data.facts.path can't be the absolute path '/facts.jsonl'
            facts: { path: /facts.jsonl, format: choices }
                           ^^^^^^^^^^^^
          Write it relative to the recipe's folder: the same recipe then gives the same lock on every machine.
        """)]
    [InlineData(
        "steps: 200",
        "steps: 200, window: 1",
        """
        recipe.yaml(10,58): regularize.window must be at least 2, not 1
            - regularize: { data: calibration, steps: 200, window: 1, entropy_weight: 0.1, top_k: { from: 2, to: 1, schedule: step, ...
                                                                   ^
        """)]
    [InlineData(
        "steps: 200, entropy_weight: 0.1",
        "learning_rate: 0",
        """
        recipe.yaml(10,53): regularize.learning_rate must be above 0, not 0
            - regularize: { data: calibration, learning_rate: 0, top_k: { from: 2, to: 1, schedule: step, at: 0.5 }, tune: all }
                                                              ^
        """)]
    public void Is_told_what_is_taken(string line, string broken, string faults)
    {
        Assert.Equal(faults, Example.Faults(Example.With(line, broken)));
    }
}
