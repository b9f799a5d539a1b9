using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Training;

/// <summary>
/// Distillation from the unpruned model, meant for routers alone (Router KD, arXiv 2603.02217):
/// <code>
/// loss = mean over predictions of  sum over v of P(v) (ln P(v) - ln Q(v))      P: teacher, Q: student, at temperature 1
/// </code>
/// The teacher routes by its own rule, whatever the annealing does to the student.
/// </summary>
/// <param name="teacher">Of the same vocabulary; is not changed.</param>
public sealed class Distillation(MoeTransformer teacher) : IObjective
{
    public Tensor Of(MoeTransformer model, Tensor hidden_BSD, TokenBatch batch) => NextTokenLoss.OverPredictions(hidden_BSD, batch, rows =>
    {
        var student_NV = log_softmax(model.Ends.Logits(NextTokenLoss.Before(hidden_BSD, rows)), -1);
        var teacher_NV = Teacher(batch, rows);
        return (teacher_NV.exp() * (teacher_NV - student_NV)).sum(-1).mean();
    });

    private Tensor Teacher(TokenBatch batch, Tensor rows)
    {
        using var noGraph = no_grad();
        using var hidden_BSD = ForwardPass.Hidden(teacher, batch);
        return log_softmax(teacher.Ends.Logits(NextTokenLoss.Before(hidden_BSD, rows)), -1);
    }
}
