using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Training;

public sealed class WhenRoutersLearnFromATeacher : IDisposable
{
    private static readonly TrainOptions Options = new() { Steps = 30, Batch = 12, Window = 24, Order = SequenceOrder.File, LearningRate = 1e-2, EntropyWeight = 0, Tune = Tune.Routers, Objective = Objective.Distill };

    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _teacher;
    private readonly TextSource _text;

    public WhenRoutersLearnFromATeacher()
    {
        _teacher = Checkpoint.Open(PicoCheckpoint.Write(_folder["teacher"]));
        _text = new TextSource(_folder.Write("train.txt", string.Concat(Enumerable.Range(0, 10).Select(n => $"The cat {n} sat on the mat. "))));
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_student_that_is_its_teacher_has_nothing_to_learn()
    {
        using var student = MoeTransformer.Load(_teacher, Oracle.Float32);
        using var teacher = MoeTransformer.Load(_teacher, Oracle.Float32);
        using var batch = TokenBatch.Of([new TokenSequence([1, 2, 3, 4])], CPU);
        using var hidden = SeerMoe.Torch.Streaming.ForwardPass.Hidden(student, batch);

        Assert.InRange(new Distillation(teacher).Of(student, hidden, batch).item<float>(), -1e-6, 1e-6);
    }

    [Fact]
    public void A_pruned_model_comes_nearer_to_the_whole_one()
    {
        WithoutTheLastExpert(_folder["pruned"]);
        using var pruned = Checkpoint.Open(_folder["pruned"]);
        Regularizing.Regularize(pruned, _text, Options, Oracle.Float32, Directory.CreateDirectory(_folder["out"]).FullName, extras: new TrainExtras(Teacher: _teacher));
        var losses = TrainingLog.Read(_folder["out"]).Select(step => step.TaskLoss).ToList();

        Assert.True(losses[^5..].Average() < losses[..5].Average() * 0.99, $"{losses[0]} to {losses[^1]}");
        Assert.All(losses, loss => Assert.True(loss > 0));
    }

    [Theory]
    [InlineData(Objective.Distill, false)]
    [InlineData(Objective.NextToken, true)]
    public void Teacher_and_objective_go_together(Objective objective, bool hasTeacher) => Assert.Throws<InputException>(() => Regularizing.Regularize(
        _teacher, _text, Options with { Objective = objective }, Oracle.Float32, _folder.Path, extras: new TrainExtras(Teacher: hasTeacher ? _teacher : null)));

    private void WithoutTheLastExpert(string folder) => CheckpointPruner.Prune(
        _teacher, new PrunePlan(null, null, null, null, null, [.. Enumerable.Range(0, 2).Select(layer => new LayerPlan(layer, 4, [0, 1, 2], null))]), folder);
}
