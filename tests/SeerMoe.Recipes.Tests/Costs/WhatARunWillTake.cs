using SeerMoe.Recipes.Costs;
using SeerMoe.Testing;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Tests.Costs;

/// <summary>Mixtral-8x7B, of which nothing but its config.json is there.</summary>
public sealed class WhatARunWillTake
{
    private const long Parameters = 46_702_792_704;
    private const long Expert = 176_160_768;
    private const long Vocabulary = 32_000;

    [Fact]
    public void A_count_holds_the_weights_and_passes_its_tokens()
    {
        var count = Costs("count: { data: text, tokens: 1048576, window: 2048, batch: 4 }")[0];

        Assert.Equal(1_048_576, count.Tokens);
        Assert.InRange(count.MemoryBytes, 1.1 * 4 * Parameters, 1.1 * 4.4 * Parameters); // a tenth of spare room, and activations

        // 2 x the active parameters without the embedding, and attention: 32 layers, 32 heads of 128, 1024 keys on average, scores and values.
        var perToken = (2.0 * (12_879_925_248 - (Vocabulary * 4096))) + (32.0 * 2 * 1024 * 32 * 256);
        Assert.Equal(perToken * 1_048_576, count.Flops!.Value, perToken * 1_048_576 * 1e-3);
    }

    [Fact]
    public void A_quarter_of_the_experts_is_that_much_less_on_disk_and_in_what_follows()
    {
        var costs = Costs("count: { data: text, tokens: 1000 }", "prune: { ratio: 0.25 }", "regularize: { data: text, steps: 10, batch: 1, window: 128, activations: recomputed }");
        var kept = Parameters - (64 * Expert) - (2 * 32 * 4096);

        Assert.Equal(35_428_241_408, kept);
        Assert.Equal(2 * kept, costs[1].DiskBytes);
        Assert.Equal(2 * kept, costs[2].DiskBytes);

        // Weights, their gradients, two moments and the last good weights, in float32.
        Assert.InRange(costs[2].MemoryBytes, 20 * kept, 20.2 * kept);
    }

    [Fact]
    public void Lora_trains_rank_times_inputs_and_outputs_of_every_matrix()
    {
        const long rank = 16;
        const long attention = rank * ((2 * (4096 + 4096)) + (2 * (4096 + 1024)));
        const long layer = attention + (8 * 3 * rank * (4096 + 14336)) + (rank * (4096 + 8));
        var frozen = Costs("regularize: { data: text, steps: 10, batch: 1, window: 128, activations: recomputed, tune: routers }")[0];
        var lora = Costs("regularize: { data: text, steps: 10, batch: 1, window: 128, activations: recomputed, tune: lora, lora: { rank: 16 } }")[0];

        Assert.Equal(20 * 32 * (layer - (8 * 4096)), lora.MemoryBytes - frozen.MemoryBytes);
    }

    [Fact]
    public void An_evaluation_passes_every_question_and_every_subjects_shots_for_every_model()
    {
        var evaluate = Costs("count: { data: text, tokens: 1000 }", "prune: { ratio: 0.25 }", "evaluate: { tasks: [{ task: mmlu, data: folder, shots: 5 }], compare: [base, random] }")[2];

        Assert.Equal((1 + 1 + 3) * 128.0 * (14_042 + (57 * 5)), evaluate.Tokens);
    }

    [Fact]
    public void What_depends_on_data_is_not_guessed()
    {
        var costs = Costs("count: { data: text }", "evaluate: { tasks: [text] }");

        Assert.All(costs, cost => Assert.Null(cost.Tokens));
        Assert.All(costs, cost => Assert.Null(cost.Hours(100)));
    }

    [Fact]
    public void What_can_not_work_is_refused_as_by_a_plan()
    {
        var fault = Assert.Single(Assert.Throws<RecipeException>(() => Costs("count: { data: text }", "prune: { keep: 300 }")).Diagnostics);

        Assert.Contains("300 experts are to be kept", fault.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<StageCost> Costs(params string[] stages)
    {
        var recipe =
            $$"""
            name: paper
            model: mixtral-8x7b
            data:
              text: { path: absent.txt }
              folder: { path: absent, format: folder }
            stages:
            {{string.Join('\n', stages.Select(stage => $"  - {stage}"))}}
            """;
        var file = RecipeFile.Parse(recipe, Repository.Path("recipes/paper/recipe.yaml"), []);
        return RunCost.Of(file, new Compute(ComputeDevice.Cpu, ComputeType.Float32)).Stages;
    }
}
