using SeerMoe.Recipes.Reporting;
using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Tests.Reporting;

public sealed class TheCardOfARun : IDisposable
{
    private readonly TinyProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Says_in_Markdown_what_the_page_says_without_anybodys_paths()
    {
        var card = File.ReadAllText(Path.Combine(Runner.Run(_project.Plan(), _project["runs"]).Folder, RunCard.FileName));

        Assert.StartsWith("---\nlibrary_name: transformers\ntags:\n- mixture-of-experts\n- seer-moe\n---\n\n# tiny\n\n6 of 8 experts kept, ", card, StringComparison.Ordinal);
        Assert.All((string[])["2. prune: rank by soft, layer scope; drop 0.25 of the experts\n", "| criterion | soft |\n", "counting errors", "| facts, accuracy | ", "| full model |", "| vllm | no | The model was tuned at top-1", "```yaml\n# Frozen", "reproduce"], part => Assert.Contains(part, card, StringComparison.Ordinal));
        Assert.DoesNotContain(_project["runs"], card, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath().TrimEnd('/') + "/", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Stands_beside_the_card_of_each_checkpoint()
    {
        var run = Runner.Run(_project.Plan(), _project["runs"]).Folder;
        var tuned = File.ReadAllText(Path.Combine(run, "3-regularize/checkpoint/README.md"));

        Assert.All((string[])["# A fine-tuned Mixture of Experts", "## The cut before", "| top-K | 2 to 1, step at 0.5 |", "| router entropy | ", "## Who loads it"], part => Assert.Contains(part, tuned, StringComparison.Ordinal));
    }

    [Fact]
    public void Is_not_there_where_no_checkpoint_is()
    {
        var run = Runner.Run(_project.PlanOf("name: tiny\nmodel: model\ndata: { counted: { path: data/counted.jsonl, format: tokens } }\nstages: [count: { data: counted }]\n"), _project["runs"]).Folder;

        Assert.False(File.Exists(Path.Combine(run, RunCard.FileName)));
    }
}
