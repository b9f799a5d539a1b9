using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>The loss of the next token on data that nothing was trained on: nats, mean over all its predictions.</summary>
/// <param name="model">As it routes now.</param>
/// <param name="sequences">The data.</param>
/// <param name="batch">Sequences a pass.</param>
internal sealed class HeldOutLoss(MoeTransformer model, IReadOnlyList<TokenSequence> sequences, int batch)
{
    /// <param name="rule">Of inference with the parameters as they are.</param>
    public double Of(RoutingRule rule)
    {
        var before = model.Routing;
        model.Routing = rule;
        using var noGraph = no_grad();
        double sum = 0;
        long predictions = 0;
        foreach (var part in sequences.Chunk(batch))
        {
            using var scope = NewDisposeScope();
            using var tokens = TokenBatch.Of(part, model.Device);
            var count = tokens.Predicted.sum().cpu().item<long>();
            sum += NextTokenLoss.Of(model, ForwardPass.Hidden(model, tokens), tokens).Number() * count;
            predictions += count;
        }

        model.Routing = before;
        return sum / predictions;
    }
}
