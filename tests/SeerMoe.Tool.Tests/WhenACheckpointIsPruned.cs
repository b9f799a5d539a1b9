using System.Text.Json.Nodes;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public sealed class WhenACheckpointIsPruned : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Mixtral { get; } = Fixtures.Folder("mixtral");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void By_layer_every_layer_loses_the_same_share()
    {
        var prune = Prune("--ratio", "0.25", "--scope", "layer");
        Assert.Equal((0, ""), (prune.ExitCode, prune.Error));
        Assert.Equal($"18 of 24 experts kept, by layer 6 6 6: {_folder["out"]}\n", prune.Output);

        var inspect = Seer.Run("inspect", _folder["out"]);
        Assert.Contains("experts                6 a layer\n", inspect.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Globally_the_hottest_experts_survive_and_a_note_says_who_can_load_it()
    {
        var prune = Prune("--ratio", "0.25");
        Assert.Equal(0, prune.ExitCode);
        Assert.Contains("by layer 2 8 8", prune.Output, StringComparison.Ordinal);
        Assert.StartsWith("note: ", prune.Error, StringComparison.Ordinal);
        Assert.Contains("stock runtimes can't load", prune.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_on_stdout_is_the_plan_in_the_output_folder()
    {
        var prune = Prune("--ratio", "0.25", "--json");
        Assert.Equal(File.ReadAllText(Path.Combine(_folder["out"], "prune-plan.json")), prune.Output);
        Assert.Equal("seer/prune-plan@1", (string?)JsonNode.Parse(prune.Output)!["schema"]);
    }

    [Fact]
    public void Its_plan_can_be_applied_again_as_it_stands()
    {
        Prune("--ratio", "0.25");
        var again = Seer.Run("prune", "--model", Mixtral, "--plan", Path.Combine(_folder["out"], "prune-plan.json"), "--output", _folder["again"]);
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["out"], "config.json")), File.ReadAllBytes(Path.Combine(_folder["again"], "config.json")));
    }

    [Fact]
    public void A_ratio_that_drops_nothing_is_refused()
    {
        Prune("--ratio", "0.01").AssertRefused("0.01 drops no expert", "budget", "Drop more");
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("--ratio", "0")]
    [InlineData("--keep", "24")]
    public void A_ratio_of_zero_or_keeping_all_asks_for_a_copy_and_gets_one(params string[] budget)
    {
        Assert.Equal(0, Prune(budget).ExitCode);

        const string shard = "model-00001-of-00002.safetensors";
        Assert.Equal(File.ReadAllBytes(Path.Combine(Mixtral, shard)), File.ReadAllBytes(Path.Combine(_folder["out"], shard)));
    }

    [Fact]
    public void Soft_is_the_criterion_when_none_is_given()
    {
        Prune("--ratio", "0.25");

        Assert.Equal("soft", (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(_folder["out"], "prune-plan.json")))!["criterion"]);
    }

    [Fact]
    public void Another_criterion_is_taken_at_its_word()
    {
        Prune("--ratio", "0.25", "--criterion", "actual");

        Assert.Equal("actual", (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(_folder["out"], "prune-plan.json")))!["criterion"]);
    }

    [Fact]
    public void Statistics_of_another_number_of_experts_are_refused() =>
        Prune(Statistics(experts: 6), "--ratio", "0.25").AssertRefused("count 6 experts in layer 0, the checkpoint has 8", _folder["counts"], "Count this checkpoint");

    [Fact]
    public void A_ragged_checkpoint_that_is_tuned_gets_the_same_note()
    {
        var note = Prune("--ratio", "0.25").Error;
        var data = _folder.Write("tokens.jsonl", "{\"input_ids\": [1, 2, 3]}\n");

        var tuned = Seer.Run("regularize", "--model", _folder["out"], "--train", data, "--format", "tokens", "--steps", "1", "--device", "cpu", "--output", _folder["tuned"]);

        Assert.Equal(0, tuned.ExitCode);
        Assert.Contains("stock runtimes can't load", note, StringComparison.Ordinal);
        Assert.EndsWith(note, tuned.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_of_another_checkpoint_are_refused() =>
        Prune(Statistics() with { Checkpoint = new string('0', 64) }, "--ratio", "0.25").AssertRefused("another checkpoint", _folder["counts"], "Count this checkpoint");

    [Fact]
    public void A_plan_and_a_criterion_exclude_each_other() =>
        Seer.Run("prune", "--model", Mixtral, "--plan", "plan.json", "--criterion", "soft", "--output", _folder["out"])
            .AssertRefused("A plan says everything itself.", "--plan", "--statistics");

    [Fact]
    public void Neither_plan_nor_statistics_is_refused() =>
        Seer.Run("prune", "--model", Mixtral, "--output", _folder["out"]).AssertRefused("--statistics is missing.", "dotnet seer prune", "--plan");

    [Fact]
    public void Both_a_ratio_and_a_number_to_keep_are_refused() =>
        Prune("--ratio", "0.25", "--keep", "4").AssertRefused("One of --ratio and --keep", "dotnet seer prune", "exactly one");

    private Seer Prune(params string[] options) => Prune(Statistics(), options);

    private Seer Prune(ExpertStatistics statistics, params string[] options)
    {
        Directory.CreateDirectory(_folder["counts"]);
        StatisticsFile.Write(_folder["counts"], statistics);
        return Seer.Run(["prune", "--model", Mixtral, "--statistics", _folder["counts"], "--output", _folder["out"], .. options]);
    }

    /// <summary>Expert e of layer l scores 8 l + e, so the coldest of all are in layer 0.</summary>
    private ExpertStatistics Statistics(int experts = 8)
    {
        using var checkpoint = Checkpoint.Open(Mixtral);
        var layers = Enumerable.Range(0, 3).Select(l =>
        {
            var layer = new LayerStatistics(l, experts) { Tokens = 100 };
            for (var e = 0; e < experts; e++)
            {
                layer.Soft[e] = (8 * l) + e;
                layer.Actual[e] = 200.0 / experts;
            }

            return layer;
        });
        return new ExpertStatistics("mixtral", CheckpointDigest.Of(checkpoint), Tokens: 100, Sequences: 1, TopK: 2, [.. layers]);
    }
}
