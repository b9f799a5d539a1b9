using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;

namespace SeerMoe.Torch.Tests.Training;

public sealed class WhenATrainingDiverges : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;
    private readonly TextSource _text;

    public WhenATrainingDiverges()
    {
        _checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        _text = new TextSource(_folder.Write("train.txt", string.Concat(Enumerable.Range(0, 30).Select(n => $"The cat {n} sat on the mat. "))));
    }

    public void Dispose()
    {
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void It_stops_with_a_message_and_leaves_the_last_good_checkpoint()
    {
        var error = Assert.Throws<InputException>(() => Regularizing.Regularize(
            _checkpoint, _text, new TrainOptions { Steps = 50, Batch = 2, Window = 24, LearningRate = 1e30, GradientClip = 0, Tune = Tune.Experts }, Oracle.Float32, _folder.Path));

        Assert.Contains("not finite", error.What, StringComparison.Ordinal);
        Assert.Equal("step 2", error.Where);
        Assert.Contains("last-good/", error.WhatToDo, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["checkpoint"]));
        using var good = Checkpoint.Open(_folder["last-good"]);
        using var model = MoeTransformer.Load(good, Oracle.Float32);
        Assert.Equal(File.ReadAllBytes(_folder["model/model.safetensors"]), File.ReadAllBytes(_folder["last-good/model.safetensors"]));
    }

    [Fact]
    public void A_leap_of_the_loss_stops_it_too()
    {
        var rising = new LossWatch(spike: 2);
        for (var step = 1; step <= 6; step++)
        {
            rising.Refuse(Step(step, loss: 3));
        }

        rising.Refuse(Step(7, loss: 4.9));
        var error = Assert.Throws<DivergedException>(() => rising.Refuse(Step(8, loss: 6)));
        Assert.Equal((8, ParameterState.Bad), (error.Step, error.State));
        Assert.Contains("leapt to 6.000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_leaves_the_parameters_as_good_as_they_were() =>
        Assert.Equal(ParameterState.Good, Assert.Throws<DivergedException>(() => new LossWatch(spike: 2).Refuse(Step(1, loss: 3) with { GradientNorm = double.NaN })).State);

    private static TrainingStep Step(int step, double loss) => new(step, loss, loss, 1, 2, 0.1, 1, 10);
}
