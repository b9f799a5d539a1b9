using SeerMoe.Torch.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Training;

/// <summary>Cross entropy of the next token, mean over predictions; one counts only if both its token and the one before are real, and it is no part of a prompt.</summary>
public sealed class NextTokenLoss : IObjective
{
    Tensor IObjective.Of(MoeTransformer model, Tensor hidden_BSD, TokenBatch batch) => Of(model, hidden_BSD, batch);

    /// <inheritdoc cref="IObjective.Of"/>
    public static Tensor Of(MoeTransformer model, Tensor hidden_BSD, TokenBatch batch)
    {
        return OverPredictions(hidden_BSD, batch, rows =>
        {
            var targets = batch.Ids.narrow(1, 1, batch.Length - 1).flatten().index_select(0, rows);
            return cross_entropy(model.Ends.Logits(Before(hidden_BSD, rows)), targets);
        });
    }

    /// <summary>A mean over the predictions of a batch; 0 where it has none: half of a batch may hold nothing but prompts, and a mean over nothing is no number.</summary>
    /// <param name="mean">Gets where they stand among the B x (S - 1) pairs of neighbours.</param>
    internal static Tensor OverPredictions(Tensor hidden_BSD, TokenBatch batch, Func<Tensor, Tensor> mean)
    {
        var rows = Rows(batch);
        return rows.shape[0] == 0 ? hidden_BSD.sum() * 0 : mean(rows);
    }

    private static Tensor Rows(TokenBatch batch) => batch.Predicted.narrow(1, 1, batch.Length - 1).flatten().nonzero().flatten();

    /// <summary>The hidden states that make those predictions.</summary>
    internal static Tensor Before(Tensor hidden_BSD, Tensor rows) => hidden_BSD.narrow(1, 0, hidden_BSD.shape[1] - 1).flatten(0, 1).index_select(0, rows);
}
