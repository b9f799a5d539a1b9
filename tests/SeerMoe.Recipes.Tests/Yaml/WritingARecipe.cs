using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Recipes.Tests.Yaml;

public sealed class WritingARecipe
{
    [Fact]
    public void Gives_every_default_its_line()
    {
        Assert.Equal(
            """
            name: quickstart
            seed: 17
            threads: 8
            rounds: 1
            model: ../tiny-moe
            data:
              calibration:
                path: calibration.jsonl
                format: jsonl
                field: body
              facts:
                path: facts.jsonl
                format: choices
            stages:
              - count:
                  data: calibration
                  tokens: 65536
                  window: 256
                  batch: 8
              - prune:
                  criterion: soft
                  scope: global
                  ratio: 0.25
                  min_experts: 0
              - regularize:
                  data: calibration
                  steps: 200
                  batch: 8
                  accumulate: 1
                  window: 256
                  learning_rate: 0.0001
                  warm_up: 0
                  decay: constant
                  weight_decay: 0.01
                  weight_decay_on: all
                  entropy_weight: 0.1
                  entropy_schedule: constant
                  balance: weight
                  balance_weight: 0
                  gradient_clip: 1
                  loss_spike: 3
                  top_k:
                    from: 2
                    to: 1
                    schedule: step
                    at: 0.5
                  tune: all
                  objective: next-token
                  activations: kept
                  order: shuffled
                  gate_at_top1: probability
                  check_every: 0
                  patience: 0
                  accept: always
              - evaluate:
                  tasks: [calibration, facts]
                  compare: [base, random]
                  random_seeds: 3
                  batch: 16

            """,
            RecipeYaml.Write(Example.Read(Example.Text)));
    }

    [Fact]
    public void Is_read_back_as_the_same_recipe()
    {
        var recipe = Example.Read(Example.Text);

        Assert.Equal(recipe, Example.Read(RecipeYaml.Write(recipe)));
    }

    [Fact]
    public void Does_not_depend_on_comments_or_the_order_of_keys()
    {
        var other = Example.With("{ criterion: soft, scope: global, ratio: 0.25 }", "{ ratio: 0.250, scope: global, criterion: soft } # a quarter");

        Assert.Equal(RecipeYaml.Write(Example.Read(Example.Text)), RecipeYaml.Write(Example.Read(other)));
    }

    [Fact]
    public void Leaves_out_what_a_plan_file_stands_for()
    {
        var text = RecipeYaml.Write(Example.Read(Example.With("{ criterion: soft, scope: global, ratio: 0.25 }", "{ plan: mine.json }").Replace("[base, random]", "[base]", StringComparison.Ordinal)));

        Assert.Contains("  - prune:\n      plan: mine.json\n  - regularize:\n", text, StringComparison.Ordinal);
    }
}
