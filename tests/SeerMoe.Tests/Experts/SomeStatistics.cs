using SeerMoe.Experts;

namespace SeerMoe.Tests.Experts;

/// <summary>Statistics with numbers that a test can reason about.</summary>
internal static class SomeStatistics
{
    /// <summary>Layers 0, 1, ... with these soft counts; every other sum is zero.</summary>
    public static ExpertStatistics WithSoft(int topK, params double[][] soft) =>
        new("mixtral", "", Tokens: 0, Sequences: 0, topK, [.. soft.Select((row, layer) => Layer(layer, row))]);

    /// <summary>Layers 1 and 4 of three experts, 10 tokens, top-2, no sum zero; obeys every invariant.</summary>
    public static ExpertStatistics Whole(double scale = 1) => new("mixtral", "c0ffee", Tokens: 10, Sequences: 2, TopK: 2, [Whole(1, scale), Whole(4, scale)]);

    private static LayerStatistics Layer(int index, double[] soft)
    {
        var layer = new LayerStatistics(index, soft.Length);
        soft.CopyTo(layer.Soft, 0);
        return layer;
    }

    private static LayerStatistics Whole(int index, double scale)
    {
        var layer = new LayerStatistics(index, 3) { Tokens = 10, EntropySum = 10.0 / 3 * index };
        new double[] { 9, 6, 5 }.CopyTo(layer.Actual, 0);
        new[] { 4.5, 10.0 / 3, 10 - 4.5 - (10.0 / 3) }.CopyTo(layer.Soft, 0);
        foreach (var (name, values) in layer.Sums.Skip(2))
        {
            for (var e = 0; e < values.Length; e++)
            {
                values[e] = scale * (name.Length + index + Math.Sqrt(e + 2));
            }
        }

        for (var pair = 0; pair < 9; pair++)
        {
            layer.CoActivation[pair] = pair * index;
        }

        return layer;
    }
}
