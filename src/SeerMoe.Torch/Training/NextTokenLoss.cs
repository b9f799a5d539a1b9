using SeerMoe.Torch.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Training;

/// <summary>Cross entropy of the next token, mean over predictions; one counts only if both its token and the one before are real.</summary>
public static class NextTokenLoss
{
    /// <param name="model">Its head turns hidden states into logits.</param>
    /// <param name="hidden_BSD">Output of the forward pass.</param>
    /// <param name="batch">The tokens.</param>
    /// <returns>A scalar, nats a token.</returns>
    public static Tensor Of(MoeTransformer model, Tensor hidden_BSD, TokenBatch batch)
    {
        var length = batch.Length;
        var counts = batch.Real.narrow(1, 0, length - 1).logical_and(batch.Real.narrow(1, 1, length - 1)).flatten();
        var rows = counts.nonzero().flatten();
        var before_ND = hidden_BSD.narrow(1, 0, length - 1).flatten(0, 1).index_select(0, rows);
        var targets = batch.Ids.narrow(1, 1, length - 1).flatten().index_select(0, rows);
        return cross_entropy(model.Ends.Logits(before_ND), targets);
    }
}
