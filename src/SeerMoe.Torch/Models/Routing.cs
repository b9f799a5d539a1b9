using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>What a router decided for T tokens.</summary>
/// <param name="Logits">[T, E] float32; minus infinity at masked experts.</param>
/// <param name="Probabilities">[T, E] float32, the family's score of each expert that is there (see <paramref name="Score"/>).</param>
/// <param name="Chosen">[T, K] int64, expert numbers, best first.</param>
/// <param name="Gates">[T, K] float32, the combine weights as they are applied.</param>
/// <param name="Score">How the probabilities come from the logits.</param>
public sealed record Routing(Tensor Logits, Tensor Probabilities, Tensor Chosen, Tensor Gates, IRouterScore Score)
{
    /// <summary>Entropy of the router's distribution, nats: [T].</summary>
    public Tensor Entropy() => Score.Entropy(Logits);
}

/// <summary>How routers behave in a forward pass; training changes it while it runs.</summary>
/// <param name="TopK">Experts a token is sent to.</param>
/// <param name="GateAtTop1">The combine weight when <paramref name="TopK"/> is 1.</param>
/// <param name="Fade">How far the last of the <paramref name="TopK"/> experts has gone, 0 up to 1 (see <see cref="FadingGates"/>).</param>
public sealed record RoutingRule(int TopK, GateAtTop1 GateAtTop1 = GateAtTop1.Renormalised, double Fade = 0)
{
    /// <summary>[E], true at experts of the layer at hand that no token is sent to (see <see cref="ExpertMask"/>); null for none.</summary>
    public bool[]? Dropped { get; init; }
}
