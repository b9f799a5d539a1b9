using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Training;

public sealed class WhenSomeTextIsHeldOut : IDisposable
{
    private static readonly TrainOptions Options = new() { Steps = 12, Batch = 2, Window = 24, LearningRate = 1e-2, Seed = 3 };

    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;
    private readonly TextSource _text;
    private readonly TextSource _heldOut;

    public WhenSomeTextIsHeldOut()
    {
        _checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        _text = new TextSource(_folder.Write("train.txt", string.Concat(Enumerable.Range(0, 30).Select(n => $"The cat {n} sat on the mat. "))));
        _heldOut = new TextSource(_folder.Write("held-out.txt", string.Concat(Enumerable.Range(30, 5).Select(n => $"The cat {n} sat on the mat. "))));
    }

    public void Dispose()
    {
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_better_checkpoint_is_accepted_and_both_losses_are_told()
    {
        var outcome = Train(Options with { Accept = Accept.IfBetter, CheckEvery = 4 });

        Assert.Equal("tuned", outcome.HeldOut!.Kept);
        Assert.True(outcome.HeldOut.After < outcome.HeldOut.Before);
        Assert.Equal([0, 4, 8, 12], HeldOutSteps());
        Assert.False(Directory.Exists(_folder["out/rejected"]));
    }

    [Fact]
    public void A_worse_one_is_put_aside_and_the_input_is_the_result_byte_for_byte()
    {
        var outcome = Train(Options with { LearningRate = 3, GradientClip = 0, LossSpike = 0, Accept = Accept.IfBetter, TopK = new TopKSchedule(2, 1) });

        Assert.Equal("input", outcome.HeldOut!.Kept);
        Assert.Equal(2, outcome.TopK);
        Assert.Equal(File.ReadAllBytes(_folder["model/model.safetensors"]), File.ReadAllBytes(_folder["out/checkpoint/model.safetensors"]));
        Assert.Equal(File.ReadAllBytes(_folder["model/config.json"]), File.ReadAllBytes(_folder["out/checkpoint/config.json"]));
        Assert.True(File.Exists(_folder["out/rejected/model.safetensors"]));
    }

    [Fact]
    public void Without_progress_the_training_stops_and_goes_back_to_its_best()
    {
        // The rate is far too high: what comes after the first looks is worse.
        var outcome = Train(Options with { Steps = 60, LearningRate = 0.3, GradientClip = 0, LossSpike = 0, CheckEvery = 1, Patience = 3 });

        Assert.NotNull(outcome.StoppedAt);
        Assert.Equal(outcome.HeldOut!.Step + 3, outcome.StoppedAt);
        Assert.Equal(HeldOutLosses().Skip(1).Min(), outcome.HeldOut.After);
        Assert.False(File.Exists(_folder["out/.best.safetensors"]));
    }

    [Fact]
    public void Patience_begins_when_top_K_has_come_to_its_end()
    {
        var outcome = Train(Options with { Steps = 40, LearningRate = 0.3, GradientClip = 0, LossSpike = 0, CheckEvery = 1, Patience = 2, TopK = new TopKSchedule(2, 1) });

        Assert.Equal(1, outcome.TopK);
        Assert.True(outcome.HeldOut!.Step > 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Its_loss_is_that_of_all_logits_at_once(int cores)
    {
        using var oracle = new Oracle("mixtral");
        using var threads = ComputeThreads.Fix(cores);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        using var batch = TokenBatch.Of(oracle.Sequences("right_pad"), CPU);
        using var scope = NewDisposeScope();
        var atOnce = NextTokenLoss.Of(model, ForwardPass.Hidden(model, batch), batch).Number();

        using var noGraph = no_grad();

        Assert.Equal(atOnce, NextTokenLoss.Of(model, ForwardPass.Hidden(model, batch), batch).Number(), 1e-5);
    }

    [Fact]
    public void Options_that_need_it_are_refused_without_it()
    {
        var error = Assert.Throws<InputException>(() => Regularizing.Regularize(_checkpoint, _text, Options with { Accept = Accept.IfBetter }, Oracle.Float32, _folder.Path));

        Assert.Contains("held out", error.What, StringComparison.Ordinal);
    }

    private TrainOutcome Train(TrainOptions options) => Regularizing.Regularize(
        _checkpoint, _text, options, Oracle.Float32, Directory.CreateDirectory(_folder["out"]).FullName, extras: new TrainExtras(HeldOut: _heldOut));

    private IEnumerable<int> HeldOutSteps() => Looks().Select(look => look.GetProperty("step").GetInt32());

    private IEnumerable<double> HeldOutLosses() => Looks().Select(look => look.GetProperty("loss").GetDouble());

    private IEnumerable<System.Text.Json.JsonElement> Looks() =>
        File.ReadLines(_folder["out/held-out.jsonl"]).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement);
}
