namespace SeerMoe;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a generator whose numbers never change with a runtime or machine,
/// which System.Random does not promise.
/// </summary>
public sealed class SplitMix64
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>A stream of its own for each tuple of parts, whatever their size.</summary>
    public SplitMix64(params ReadOnlySpan<long> parts)
    {
        foreach (var part in parts)
        {
            _state = Mix(_state + Golden + (ulong)part);
        }
    }

    public ulong Next() => Mix(_state += Golden);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0..bound-1; the bias of the modulus is below bound / 2^64.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
