namespace SeerMoe.Torch.Models;

/// <summary>
/// The combine weight at top-1. A family that divides the chosen weights by their sum has a weight of exactly 1 there,
/// so the task loss sends its router no gradient at all.
/// </summary>
public enum GateAtTop1
{
    /// <summary>The router probability itself: the gradient reaches the router, and outputs shrink by p.</summary>
    Probability,

    /// <summary>The family's own rule (exactly 1 where it renormalises): only the entropy moves the router.</summary>
    Renormalised,

    /// <summary>1 forward, the gradient of p / stop(p) backward.</summary>
    StraightThrough,
}
