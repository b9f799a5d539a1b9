using SeerMoe.Torch.Runtime;
using System.Text.Json.Nodes;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public sealed class WhenACheckpointIsTuned : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WhenACheckpointIsTuned()
    {
        PicoCheckpoint.Write(_folder["model"]);
        _folder.Write("train.jsonl", string.Concat(Enumerable.Range(0, 20).Select(n => $"{{\"ask\": \"{n} plus 1 is\", \"say\": \" {n + 1}\"}}\n")));
        _folder.Write("held-out.jsonl", string.Concat(Enumerable.Range(20, 5).Select(n => $"{{\"ask\": \"{n} plus 1 is\", \"say\": \" {n + 1}\"}}\n")));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_key_of_a_recipes_step_can_be_set()
    {
        var tuned = Regularize(
            "--field", "say", "--prompt-field", "ask", "--held-out", _folder["held-out.jsonl"], "--accept", "if-better", "--tune", "lora", "--top-k", "2:1:ramp", "--steps", "4",
            "--accumulate", "2", "--activations", "recomputed", "--set", "lora.rank=2", "--set", "lora.save=adapter", "--set", "check_every=2", "--json");

        Assert.Equal(0, tuned.ExitCode);
        Assert.True(File.Exists(_folder["out/adapter/adapter_config.json"]));
        Assert.Equal(3, File.ReadLines(_folder["out/held-out.jsonl"]).Count());
        var outcome = JsonNode.Parse(tuned.Output)!;
        Assert.True((string?)outcome["held_out"]!["kept"] is "tuned" or "input");
        Assert.Contains("The held-out loss was", tuned.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_progress_tells_speed_and_time_left_and_the_log_does_not()
    {
        // In a process of its own: what this one holds of all tests may well be gigabytes.
        var tuned = SeerProcess.Run(_folder, UserFolders.Packages, Arguments("--format", "text", "--steps", "10"));

        Assert.Matches(@"10 of 10 steps, loss \d\.\d{3}, entropy \d\.\d{3}, top-2, [\d,]+ tokens/s, \d+ MB", tuned.Error);
        Assert.DoesNotContain("second", File.ReadAllText(_folder["out/training.jsonl"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_that_diverges_leaves_its_last_good_checkpoint()
    {
        Regularize("--format", "text", "--learning-rate", "1e30", "--gradient-clip", "0", "--tune", "experts", "--quiet").AssertRefused("not finite", "step 2", "last-good/");

        Assert.True(File.Exists(_folder["out/last-good/model.safetensors"]));
        Assert.False(Directory.Exists(_folder["out/checkpoint"]));
    }

    [Theory]
    [InlineData("lora.rnak=2", "unknown key 'rnak'")]
    [InlineData("data=x", "Data can't be set")]
    [InlineData("top_k.schedule=slow", "unknown schedule 'slow'")]
    public void A_wrong_setting_is_told_as_in_a_recipe(string setting, string expected)
    {
        var refused = Regularize("--format", "text", "--tune", "lora", "--set", setting);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(expected, refused.Error, StringComparison.Ordinal);
    }

    private Seer Regularize(params string[] options) => Seer.Run(Arguments(options));

    private string[] Arguments(params string[] options) =>
        ["regularize", "--model", _folder["model"], "--train", _folder["train.jsonl"], "--output", _folder["out"], "--device", "cpu", "--window", "32", "--batch", "2", .. options];
}
