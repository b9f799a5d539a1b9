using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Tests.Planning;

public sealed class TheKeysOfStages : IDisposable
{
    private readonly TinyProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Do_not_change_with_a_comment_or_the_order_of_keys()
    {
        var before = Keys(_project.Plan());
        var other = TinyProject.Recipe
            .Replace("# A comment.", "# Another comment.\n", StringComparison.Ordinal)
            .Replace("{ criterion: soft, scope: layer, ratio: 0.25 }", "{ ratio: 0.250, scope: layer, criterion: soft }", StringComparison.Ordinal);

        Assert.Equal(before, Keys(_project.PlanOf(other)));
    }

    [Fact]
    public void Do_not_change_when_a_default_is_written_out()
    {
        Assert.Equal(Keys(_project.Plan()), Keys(_project.Plan("prune.min_experts=0", "regularize.weight_decay=0.01", "data.text.format=text")));
    }

    [Fact]
    public void Do_not_change_with_the_name_of_a_file()
    {
        var before = Keys(_project.Plan());
        File.Move(_project["data/tokens.jsonl"], _project["data/renamed.jsonl"]);

        Assert.Equal(before, Keys(_project.Plan("data.tokens.path=data/renamed.jsonl")));
    }

    [Fact]
    public void Change_with_the_name_of_a_file_of_the_model()
    {
        var before = _project.Plan();
        File.Move(_project["model/tokenizer_config.json"], _project["model/tokenizer_other.json"]);

        AssertChanged("count prune regularize evaluate", before, _project.Plan());
    }

    [Fact]
    public void Do_not_change_with_the_name_of_the_models_folder()
    {
        var before = Keys(_project.Plan());
        Directory.Move(_project["model"], _project["renamed"]);

        Assert.Equal(before, Keys(_project.Plan("model=renamed")));
    }

    [Theory]
    [InlineData("count.tokens=60", "count prune regularize evaluate")]
    [InlineData("count.window=100", "count prune regularize evaluate")]
    [InlineData("count.batch=3", "count prune regularize evaluate")]
    [InlineData("count.data=text", "count prune regularize evaluate")]
    [InlineData("threads=7", "count prune regularize evaluate")]
    [InlineData("seed=18", "prune regularize evaluate")]
    [InlineData("prune.criterion=actual", "prune regularize evaluate")]
    [InlineData("prune.scope=global", "prune regularize evaluate")]
    [InlineData("prune.ratio=0.5", "prune regularize evaluate")]
    [InlineData("prune.min_experts=3", "prune regularize evaluate")]
    [InlineData("regularize.data=counted", "regularize evaluate")]
    [InlineData("regularize.steps=4", "regularize evaluate")]
    [InlineData("regularize.batch=3", "regularize evaluate")]
    [InlineData("regularize.window=17", "regularize evaluate")]
    [InlineData("regularize.learning_rate=0.001", "regularize evaluate")]
    [InlineData("regularize.warm_up=1", "regularize evaluate")]
    [InlineData("regularize.decay=cosine", "regularize evaluate")]
    [InlineData("regularize.weight_decay=0", "regularize evaluate")]
    [InlineData("regularize.entropy_weight=0.2", "regularize evaluate")]
    [InlineData("regularize.balance_weight=0.2", "regularize evaluate")]
    [InlineData("regularize.gradient_clip=0", "regularize evaluate")]
    [InlineData("regularize.top_k.at=0.25", "regularize evaluate")]
    [InlineData("regularize.top_k=", "regularize evaluate")]
    [InlineData("regularize.tune=routers", "regularize evaluate")]
    [InlineData("regularize.order=file", "regularize evaluate")]
    [InlineData("regularize.gate_at_top1=renormalised", "regularize evaluate")]
    [InlineData("evaluate.tasks=[tokens]", "evaluate")]
    [InlineData("evaluate.compare=[random]", "evaluate")]
    [InlineData("evaluate.random_seeds=3", "evaluate")]
    [InlineData("evaluate.window=64", "evaluate")]
    [InlineData("evaluate.batch=5", "evaluate")]
    [InlineData("evaluate.limit=2", "evaluate")]
    public void Change_with_any_option_from_its_stage_on(string option, string changed)
    {
        AssertChanged(changed, _project.Plan(), _project.Plan(option));
    }

    [Theory]
    [InlineData("data/counted.jsonl", "count prune regularize evaluate")]
    [InlineData("data/tokens.jsonl", "evaluate")]
    [InlineData("data/text.txt", "regularize evaluate")]
    [InlineData("data/facts.jsonl", "evaluate")]
    [InlineData("model/model.safetensors", "count prune regularize evaluate")]
    [InlineData("model/tokenizer.json", "count prune regularize evaluate")]
    public void Change_with_any_byte_of_an_input(string input, string changed)
    {
        var before = _project.Plan();
        var bytes = File.ReadAllBytes(_project[input]);

        // Still a whole file of its kind: one weight differs in one bit, or there is a space more at the end.
        bytes[^1] ^= input.EndsWith(".safetensors", StringComparison.Ordinal) ? (byte)1 : (byte)0;
        File.WriteAllBytes(_project[input], input.EndsWith(".safetensors", StringComparison.Ordinal) ? bytes : [.. bytes, (byte)' ']);

        AssertChanged(changed, before, _project.Plan());
    }

    [Fact]
    public void Change_with_how_the_data_are_read()
    {
        File.Copy(_project["data/facts.jsonl"], _project["data/extra.jsonl"]);
        RunPlan With(string data) => _project.PlanOf(
            $"name: a\nmodel: model\ndata: {{ x: {{ path: data/extra.jsonl, {data} }} }}\nstages: [count: {{ data: x, window: 64 }}]");

        string[] keys = [.. new[] { "format: text", "format: jsonl, field: question", "format: jsonl, field: answer" }.Select(data => With(data).Stages[0].Key)];

        Assert.Equal(3, keys.Distinct().Count());
    }

    [Fact]
    public void Change_with_the_precision()
    {
        var recipe = _project.PlanOf("name: a\nmodel: model\ndata: { x: { path: data/text.txt } }\nstages: [count: { data: x, window: 64 }]").File;

        Assert.NotEqual(
            Keys(RunPlanner.Plan(recipe, TinyProject.Cpu)),
            Keys(RunPlanner.Plan(recipe, new Compute(ComputeDevice.Cpu, ComputeType.BFloat16))));
    }

    [Fact]
    public void Change_with_the_engine_its_libraries_the_precision_and_the_class_of_the_device_alone()
    {
        var here = new EnvironmentInfo("0.1.0", "10.0.1", "0.107.0", "2.10.0", "cpu", "float32");
        string Key(EnvironmentInfo environment) => StageKey.Of("count", [], [], environment);

        Assert.Equal(Key(here), Key(here with { Dotnet = "10.0.2" }));
        Assert.Equal(6, new[]
        {
            here,
            here with { Tool = "0.2.0" },
            here with { Torchsharp = "0.108.0" },
            here with { Libtorch = "2.11.0" },
            here with { Device = "cuda" },
            here with { Dtype = "bfloat16" },
        }.Select(Key).Distinct(StringComparer.Ordinal).Count());
    }

    private static void AssertChanged(string changed, RunPlan before, RunPlan after) =>
        Assert.Equal(changed, string.Join(' ', before.Stages.Zip(after.Stages).Where(pair => pair.First.Key != pair.Second.Key).Select(pair => pair.First.Id)));

    private static List<string> Keys(RunPlan plan) => [.. plan.Stages.Select(stage => stage.Key)];
}
