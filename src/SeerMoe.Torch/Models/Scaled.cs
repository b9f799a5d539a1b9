using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Attention whose contribution to the residual stream is multiplied (Granite).</summary>
public sealed class ScaledAttention(IAttention inner, double factor) : IAttention
{
    public Tensor Forward(Tensor x_BSD, TokenBatch batch, KeyValues? prefix = null) => inner.Forward(x_BSD, batch, prefix) * factor;
}

/// <summary>A feed-forward block whose contribution to the residual stream is multiplied (Granite).</summary>
public sealed class ScaledFeedForward(IFeedForward inner, double factor) : IFeedForward
{
    public Tensor Forward(Tensor x_TD, RoutingRule rule, Observations? found) => inner.Forward(x_TD, rule, found) * factor;
}
