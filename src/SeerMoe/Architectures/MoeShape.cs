using System.Collections.Immutable;

namespace SeerMoe.Architectures;

/// <summary>How many experts there are, and where.</summary>
/// <param name="Layers">Decoder layers, dense ones included.</param>
/// <param name="MoeLayers">Indices of the layers that have experts, ascending.</param>
/// <param name="Experts">Experts of each MoE layer, in the order of <paramref name="MoeLayers"/>.</param>
/// <param name="TopK">Experts a token is sent to.</param>
public sealed record MoeShape(int Layers, ImmutableArray<int> MoeLayers, ImmutableArray<int> Experts, int TopK)
{
    /// <summary>Experts of decoder layer <paramref name="layer"/>; 0 for a dense layer.</summary>
    public int ExpertsOf(int layer)
    {
        var index = MoeLayers.IndexOf(layer);
        return index < 0 ? 0 : Experts[index];
    }
}
