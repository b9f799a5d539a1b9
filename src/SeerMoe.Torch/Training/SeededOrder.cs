namespace SeerMoe.Torch.Training;

/// <summary>A seeded permutation (Fisher-Yates over SplitMix64): the same on every machine and runtime.</summary>
public static class SeededOrder
{
    /// <param name="count">Permutes 0..count-1.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="epoch">Another permutation each epoch.</param>
    public static int[] Of(int count, long seed, long epoch)
    {
        var random = new SplitMix64(seed, epoch);
        int[] order = [.. Enumerable.Range(0, count)];
        for (var last = count - 1; last > 0; last--)
        {
            var other = random.Below(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }

        return order;
    }
}
