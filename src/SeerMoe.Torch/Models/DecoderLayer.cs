using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>A pre-norm decoder layer: x + attention(norm x), then x + feedForward(norm x).</summary>
public sealed class DecoderLayer(INorm inputNorm, IAttention attention, INorm postAttentionNorm, IFeedForward feedForward)
{
    /// <summary>[B, S, D] to [B, S, D]. Experts see real tokens only; padding passes through unchanged.</summary>
    public Tensor Forward(Tensor x_BSD, TokenBatch batch, RoutingRule rule, IRoutingObserver? observer)
    {
        var found = observer is null ? null : new Observations(observer);
        var y_BSD = Forward(x_BSD, batch, rule, found);
        found?.Add();
        return y_BSD;
    }

    /// <summary>The same, which leaves it to the caller to add what was found.</summary>
    public Tensor Forward(Tensor x_BSD, TokenBatch batch, RoutingRule rule, Observations? found, KeyValues? prefix = null) =>
        FeedForward(Attend(x_BSD, batch, prefix), batch, rule, found);

    /// <summary>The first half, which no router has a say in: [B, S, D] to [B, S, D].</summary>
    public Tensor Attend(Tensor x_BSD, TokenBatch batch, KeyValues? prefix = null) => Plus(x_BSD, attention.Forward(inputNorm.Forward(x_BSD), batch, prefix));

    /// <summary>The second half: what <see cref="Attend"/> gave, [B, S, D], to the next layer's input.</summary>
    public Tensor FeedForward(Tensor x, TokenBatch batch, RoutingRule rule, Observations? found)
    {
        var x_ND = x.flatten(0, 1);
        var normed_ND = postAttentionNorm.Forward(x_ND);
        if (batch.RealRowsOrNull is not { } real)
        {
            return Plus(x_ND, feedForward.Forward(normed_ND, rule, found)).view(x.shape);
        }

        var mixed_TD = feedForward.Forward(normed_ND.index_select(0, real), rule, found);
        return x_ND.index_add(0, real, mixed_TD, 1).view(x.shape);
    }

    /// <param name="x">The input of a half layer.</param>
    /// <param name="fresh">What it gave, in memory that nobody else reads: without a graph the sum may stand there.</param>
    private static Tensor Plus(Tensor x, Tensor fresh) => is_grad_enabled() ? x + fresh : fresh.add_(x);
}
