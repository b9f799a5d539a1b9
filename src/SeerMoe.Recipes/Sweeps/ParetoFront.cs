namespace SeerMoe.Recipes.Sweeps;

/// <summary>
/// The points worth having when two things cost: less of both is better.
/// <code>
/// 4 |  a        a, b and d are on the front: whoever wants less of one pays with the other
/// 3 |     c     c is not: b costs less of both
/// 2 |    b
/// 1 |       d d two equal points stand or fall together
///   +----------
/// </code>
/// </summary>
public static class ParetoFront
{
    /// <summary>Whether none of the points is at least as good in both and better in one.</summary>
    public static bool Holds((double First, double Second) point, IEnumerable<(double First, double Second)> points) =>
        !points.Any(other => other.First <= point.First && other.Second <= point.Second && (other.First < point.First || other.Second < point.Second));
}
