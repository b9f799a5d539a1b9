using SeerMoe.Architectures;

namespace SeerMoe.Pruning;

/// <summary>What the router of a family asks of the experts that a layer keeps.</summary>
/// <param name="Groups">Groups of consecutive experts that must stay equally large; 1 where there are none.</param>
/// <param name="LeastExperts">Fewest experts a layer can do with, a multiple of <paramref name="Groups"/>.</param>
public sealed record PruneLimits(int Groups, int LeastExperts)
{
    public static PruneLimits Of(MoeShape shape) => new(shape.Groups, shape.LeastExperts);
}
