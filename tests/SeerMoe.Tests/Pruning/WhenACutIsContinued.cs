using SeerMoe.Checkpoints;
using SeerMoe.Digests;
using SeerMoe.Pruning;
using SeerMoe.Saving;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Pruning;

public sealed class WhenACutIsContinued : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shards_that_are_whole_stay_and_half_a_side_file_is_copied_again()
    {
        using var source = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var plan = PrunePlanFile.Read(_folder.Write("plan.json", """{ "layers": [ { "layer": 1, "survivors": [0, 2] } ] }"""));
        Directory.CreateDirectory(_folder[".out.partial"]);
        _folder.Write(".out.partial/model.safetensors", "whole, as an earlier process left it");
        _folder.Write(".out.partial/tokenizer.json", "{");

        CheckpointPruner.Prune(source, plan, _folder["out"], save: Save());

        Assert.Equal("whole, as an earlier process left it", File.ReadAllText(_folder["out/model.safetensors"]));
        Assert.Equal(File.ReadAllText(_folder["model/tokenizer.json"]), File.ReadAllText(_folder["out/tokenizer.json"]));
        Assert.False(Directory.Exists(_folder[".out.partial"]));
    }

    [Fact]
    public void One_that_is_interrupted_keeps_what_it_has_for_the_next()
    {
        using var source = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var plan = PrunePlanFile.Read(_folder.Write("plan.json", """{ "layers": [ { "layer": 1, "survivors": [0, 2] } ] }"""));

        Assert.Throws<OperationCanceledException>(() => CheckpointPruner.Prune(source, plan, _folder["out"], new CancellationToken(canceled: true), Save()));
        Assert.True(Directory.Exists(_folder[".out.partial"]));
        CheckpointPruner.Prune(source, plan, _folder["out"], save: Save());
        CheckpointPruner.Prune(source, plan, _folder["whole"]);

        Assert.Equal(File.ReadAllBytes(_folder["whole/model.safetensors"]), File.ReadAllBytes(_folder["out/model.safetensors"]));
    }

    private SavePoint Save() => new(_folder["saved"], TimeSpan.Zero, new DigestCache());
}
