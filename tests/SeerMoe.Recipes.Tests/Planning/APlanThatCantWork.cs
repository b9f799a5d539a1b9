using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Tests.Planning;

public sealed class APlanThatCantWork : IDisposable
{
    private readonly TinyProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("prune.ratio=0.75", "--set prune.ratio=0.75: The budget leaves 1 of 4 experts in layer 0, fewer than the 2 that every token is sent to (top-K)")]
    [InlineData("prune.ratio=0.1", "--set prune.ratio=0.1: A ratio of 0.1 drops no expert at all")]
    [InlineData("prune.min_experts=1", "--set prune.min_experts=1: A floor of 1 experts a layer is below the 2 that every token is sent to (top-K)")]
    [InlineData("regularize.top_k={ from: 4, to: 1 }", "--set regularize.top_k={ from: 4, to: 1 }: regularize.top_k.from can't be 4: the layer with the fewest experts has at most 3")]
    [InlineData("regularize.window=129", "--set regularize.window=129: regularize.window can't be 129: the model was made for 128 tokens (max_position_embeddings)")]
    [InlineData("evaluate.window=1000", "--set evaluate.window=1000: evaluate.window can't be 1000: the model was made for 128 tokens (max_position_embeddings)")]
    [InlineData("model=data", "--set model=data: The folder has no config.json, so it is not a checkpoint")]
    [InlineData("data.text.path=absent.txt", "--set data.text.path=absent.txt: there is no file 'absent.txt'")]
    public void Is_refused_where_the_recipe_says_it(string option, string fault)
    {
        var faults = Assert.Throws<RecipeException>(() => _project.Plan(option)).Diagnostics;

        Assert.StartsWith(fault, Assert.Single(faults).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("count.window=1000")]
    [InlineData("prune.ratio=0")]
    [InlineData("prune.keep=4", "prune.ratio=")]
    public void Is_not_a_window_that_token_lines_do_not_have_nor_a_copy(params string[] options) => _project.Plan(options);

    [Fact]
    public void Is_refused_for_a_gate_at_a_top1_that_never_comes()
    {
        var fault = Assert.Single(Assert.Throws<RecipeException>(() => _project.Plan("regularize.top_k=", "regularize.gate_at_top1=straight-through")).Diagnostics);

        Assert.Equal("regularize.gate_at_top1 has no meaning here: top-K is never 1, but at least 2", fault.Message);
    }

    [Fact]
    public void Is_interrupted_while_it_hashes() =>
        Assert.Throws<OperationCanceledException>(() => RunPlanner.Plan(_project.Load(), TinyProject.Cpu, new CancellationToken(canceled: true)));

    [Fact]
    public void Is_refused_for_more_experts_to_keep_than_there_are()
    {
        var faults = Assert.Throws<RecipeException>(() => _project.Plan("prune.ratio=", "prune.keep=5")).Diagnostics;

        Assert.StartsWith("--set prune.keep=5: 5 experts are to be kept, layer 0 has 4", Assert.Single(faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Is_refused_for_everything_at_once()
    {
        File.Delete(_project["data/tokens.jsonl"]);
        File.WriteAllText(_project["data/text.txt"], "");

        var faults = Assert.Throws<RecipeException>(() => _project.Plan("prune.ratio=0.75")).Diagnostics;

        Assert.Equal(
            ["the file 'data/text.txt' is empty", "there is no file 'data/tokens.jsonl'"],
            faults.Take(2).Select(fault => fault.Message).Order(StringComparer.Ordinal));
        Assert.Equal(3, faults.Length);
    }

    [Fact]
    public void Is_refused_with_a_model_that_is_dense()
    {
        var config = File.ReadAllText(_project["model/config.json"]).Replace("\"mixtral\"", "\"llama\"", StringComparison.Ordinal);
        File.WriteAllText(_project["model/config.json"], config);

        var fault = Assert.Single(Assert.Throws<RecipeException>(() => _project.Plan()).Diagnostics);

        Assert.StartsWith("'llama' is not a Mixture-of-Experts family known here", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_refused_for_a_plan_file_of_another_model()
    {
        File.WriteAllText(_project["mine.json"], """{ "layers": [ { "layer": 7, "survivors": [0, 1] } ] }""");

        var fault = Assert.Single(Assert.Throws<RecipeException>(() => _project.PlanOf(
            "name: a\nmodel: model\nstages: [prune: { plan: mine.json }]")).Diagnostics);

        Assert.Equal("There is no layer 7", fault.Message);
        Assert.Equal(3, fault.Place!.Line);
    }

    [Fact]
    public void Is_refused_for_text_without_a_tokenizer()
    {
        File.Delete(_project["model/tokenizer.json"]);

        var fault = Assert.Single(Assert.Throws<RecipeException>(() => _project.Plan()).Diagnostics);

        Assert.StartsWith("The checkpoint has no tokenizer.json", fault.Message, StringComparison.Ordinal);
        Assert.Equal(8, fault.Place!.Line);
    }
}
