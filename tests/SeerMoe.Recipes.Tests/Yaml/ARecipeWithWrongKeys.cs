namespace SeerMoe.Recipes.Tests.Yaml;

public sealed class ARecipeWithWrongKeys
{
    [Theory]
    [InlineData(
        "ratio: 0.25",
        "ratoi: 0.25",
        """
        recipe.yaml(9,51): unknown key 'ratoi' in prune
            - prune:      { criterion: soft, scope: global, ratoi: 0.25 }
                                                            ^^^^^
          Did you mean 'ratio'?
        """)]
    [InlineData(
        "seed: 17",
        "sede: 17",
        """
        recipe.yaml(2,1): unknown key 'sede' in the recipe
            sede: 17
            ^^^^
          Did you mean 'seed'?
        """)]
    [InlineData(
        "seed: 17",
        "colour: red",
        """
        recipe.yaml(2,1): unknown key 'colour' in the recipe
            colour: red
            ^^^^^^
          Known keys: name, seed, threads, allow_overlap, rounds, model, data, stages, sweep.
        """)]
    [InlineData(
        "{ from: 2, to: 1, schedule: step, at: 0.5 }",
        "{ from: 2, too: 1 }",
        """
        recipe.yaml(10,89): unknown key 'too' in top_k
            - regularize: { data: calibration, steps: 200, entropy_weight: 0.1, top_k: { from: 2, too: 1 }, tune: all }
                                                                                                  ^^^
          Did you mean 'to'?
        """)]
    [InlineData(
        "path: calibration.jsonl, format",
        "pathh: calibration.jsonl, format",
        """
        recipe.yaml(5,18): unknown key 'pathh' in data
            calibration: { pathh: calibration.jsonl, format: jsonl, field: body }
                           ^^^^^
          Did you mean 'path'?
        """)]
    [InlineData(
        "model: ../tiny-moe\n",
        "",
        """
        recipe.yaml(1,1): the recipe lacks the key 'model'
            name: quickstart
            ^
        """)]
    [InlineData(
        "data: calibration, steps",
        "steps",
        """
        recipe.yaml(10,5): regularize lacks the key 'data'
            - regularize: { steps: 200, entropy_weight: 0.1, top_k: { from: 2, to: 1, schedule: step, at: 0.5 }, tune: all }
              ^^^^^^^^^^
        """)]
    [InlineData(
        "path: facts.jsonl, ",
        "",
        """
        recipe.yaml(6,3): data lacks the key 'path'
            facts: { format: choices }
            ^^^^^
        """)]
    [InlineData(
        "ratio: 0.25",
        "ratio: 0.25, ratio: 0.5",
        """
        recipe.yaml(9,64): the key 'ratio' is here twice
            - prune:      { criterion: soft, scope: global, ratio: 0.25, ratio: 0.5 }
                                                                         ^^^^^
          It stands in line 9 already.
        """)]
    [InlineData(
        "seed: 17",
        "seed: 17\nname: again",
        """
        recipe.yaml(3,1): the key 'name' is here twice
            name: again
            ^^^^
          It stands in line 1 already.
        """)]
    [InlineData(
        "- count:      { data: calibration, tokens: 65536, window: 256 }",
        "- count",
        """
        recipe.yaml(8,5): count lacks the key 'data'
            - count
              ^^^^^
        """)]
    [InlineData(
        "- count:      { data: calibration, tokens: 65536, window: 256 }",
        "- count: calibration",
        """
        recipe.yaml(8,12): count must be a mapping of keys, not 'calibration'
            - count: calibration
                     ^^^^^^^^^^^
          Known keys: data, tokens, window, batch, shards.
        """)]
    [InlineData(
        "data:\n",
        "data: calibration.jsonl\nmore:\n",
        """
        recipe.yaml(4,7): data must be a mapping of names, not 'calibration.jsonl'
            data: calibration.jsonl
                  ^^^^^^^^^^^^^^^^^
          Write 'calibration: { path: calibration.jsonl, format: jsonl }' below it.
        recipe.yaml(5,1): unknown key 'more' in the recipe
            more:
            ^^^^
          Did you mean 'model'?
        """)]
    public void Is_told_which(string line, string broken, string faults)
    {
        Assert.Equal(faults, Example.Faults(Example.With(line, broken)));
    }

    [Theory]
    [InlineData(
        "",
        """
        recipe.yaml(1,1): the recipe lacks the key 'name'
        recipe.yaml(1,1): the recipe lacks the key 'model'
        recipe.yaml(1,1): the recipe lacks the key 'stages'
        """)]
    [InlineData(
        "[]",
        """
        recipe.yaml(1,1): the recipe must be a mapping of keys, not a list
            []
            ^
          Known keys: name, seed, threads, allow_overlap, rounds, model, data, stages, sweep.
        """)]
    [InlineData(
        "just words",
        """
        recipe.yaml(1,1): the recipe must be a mapping of keys, not 'just words'
            just words
            ^^^^^^^^^^
          Known keys: name, seed, threads, allow_overlap, rounds, model, data, stages, sweep.
        """)]
    [InlineData(
        "name: a",
        """
        recipe.yaml(1,1): the recipe lacks the key 'model'
            name: a
            ^
        recipe.yaml(1,1): the recipe lacks the key 'stages'
            name: a
            ^
        """)]
    [InlineData(
        "name: a\nmodel: b\nstages: []",
        """
        recipe.yaml(3,9): the recipe has no stages
            stages: []
                    ^
          Stages: count, prune, regularize, evaluate.
        """)]
    [InlineData(
        "name: a\nmodel: b\nstages: count",
        """
        recipe.yaml(3,9): stages must be a list, not 'count'
            stages: count
                    ^^^^^
          Write a line '- count: { data: calibration }' for each stage.
        """)]
    [InlineData(
        "name: a\nmodel: b\ndata: {}\nstages: [count: { data: x }]",
        """
        recipe.yaml(4,25): unknown data 'x' in count
            stages: [count: { data: x }]
                                    ^
          Data of this recipe: none.
        """)]
    public void Is_told_what_it_lacks(string text, string faults)
    {
        Assert.Equal(faults, Example.Faults(text));
    }
}
