using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>What stands behind attention in a layer: experts, or one dense network.</summary>
public interface IFeedForward
{
    /// <summary>[T, D] to [T, D], real tokens only.</summary>
    Tensor Forward(Tensor x_TD, RoutingRule rule, Observations? found);
}

/// <summary>A layer without experts of its own.</summary>
public sealed class DenseBlock(IProjection network) : IFeedForward
{
    public Tensor Forward(Tensor x_TD, RoutingRule rule, Observations? found) => network.Forward(x_TD);
}

/// <summary>Routed experts, and one that every token meets. Only routed ones are observed and pruned.</summary>
public sealed class SharedExpertBlock(IFeedForward routed, IProjection shared) : IFeedForward
{
    public Tensor Forward(Tensor x_TD, RoutingRule rule, Observations? found) => routed.Forward(x_TD, rule, found) + shared.Forward(x_TD);
}
