using System.Text.Json.Nodes;
using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Tests.Running;

public sealed class ATrainingOfARecipe : IDisposable
{
    private readonly TinyProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void May_be_judged_on_text_that_is_held_out()
    {
        var folder = Run("regularize.held_out=facts", "regularize.accept=if-better", "regularize.check_every=2", "regularize.patience=5");
        var acceptance = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "acceptance.json")))!;

        Assert.Equal("seer/acceptance@1", (string?)acceptance["schema"]);
        Assert.Equal((string?)acceptance["kept"] == "input", Directory.Exists(Path.Combine(folder, "rejected")));
        Assert.Equal([0, 2, 3], File.ReadLines(Path.Combine(folder, "held-out.jsonl")).Select(line => (int)JsonNode.Parse(line)!["step"]!));
    }

    [Fact]
    public void May_leave_an_adapter_beside_the_checkpoint()
    {
        var folder = Run("regularize.tune=lora", "regularize.lora={ rank: 2, dropout: 0.1, save: adapter }", "regularize.activations=recomputed");

        Assert.True(File.Exists(Path.Combine(folder, "adapter", "adapter_model.safetensors")));
        Assert.True(File.Exists(Path.Combine(folder, "checkpoint", "model.safetensors")));
    }

    [Fact]
    public void May_have_the_recipes_own_model_as_teacher() =>
        Assert.True(Run("regularize.objective=distill", "regularize.tune=routers", "regularize.entropy_weight=0") is var folder
            && File.ReadLines(Path.Combine(folder, "training.jsonl")).All(line => (double)JsonNode.Parse(line)!["task_loss"]! is > 0 and < 3));

    [Fact]
    public void May_learn_the_right_choices_of_questions() => Assert.Equal(3, File.ReadLines(Path.Combine(Run("regularize.data=facts", "regularize.packing=padded", "allow_overlap=true"), "training.jsonl")).Count());

    [Fact]
    public void Tells_its_speed_in_the_events()
    {
        var folder = Run("regularize.steps=20");
        var events = File.ReadLines(Path.Combine(folder, "..", RunEvents.Name)).Select(line => JsonNode.Parse(line)!).Where(happened => (string?)happened["event"] == "stage at").ToList();

        Assert.Equal([2, 4, 6, 8, 10, 12, 14, 16, 18, 20], events.Select(happened => (int)happened["done"]!));
        Assert.All(events, happened => Assert.Contains("tokens/s", (string)happened["what"]!, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("regularize.balance=family", "The config has no weight of a balance loss (router_aux_loss_coef, aux_loss_alpha)")]
    [InlineData("regularize.accept=if-better", "regularize.accept has no held-out data to go by")]
    [InlineData("regularize.patience=3", "regularize.patience has no held-out data to go by")]
    [InlineData("regularize.held_out=text", "regularize.held_out is what is trained on")]
    [InlineData("regularize.held_out=txet", "unknown data 'txet' in regularize")]
    [InlineData("regularize.lora={ rank: 2 }", "regularize.lora has no meaning here")]
    [InlineData("data.facts.prompt_field=question", "data.facts.prompt_field has no meaning here")]
    public void Is_refused_where_it_makes_no_sense(string change, string fault) =>
        Assert.StartsWith(fault, Assert.Single(Assert.Throws<RecipeException>(() => _project.Plan(change)).Diagnostics).Message, StringComparison.Ordinal);

    private string Run(params string[] changes) => Path.Combine(Runner.Run(_project.Plan(changes), _project["runs"]).Folder, "3-regularize");
}
