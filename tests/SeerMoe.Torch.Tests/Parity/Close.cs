using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Parity;

/// <summary>Assertions on numbers that must agree within a stated tolerance.</summary>
internal static class Close
{
    /// <summary>Largest absolute difference of two tensors, in float64.</summary>
    public static double Difference(Tensor a, Tensor b)
    {
        Assert.Equal(b.shape, a.shape);
        return a.numel() == 0 ? 0 : (a.to_type(ScalarType.Float64) - b.to_type(ScalarType.Float64)).abs().max().item<double>();
    }

    public static void Absolute(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange(Difference(actual, expected), 0, tolerance);

    public static void Absolute(double expected, double actual, double tolerance) =>
        Assert.InRange(Math.Abs(actual - expected), 0, tolerance);

    public static void Relative(double expected, double actual, double tolerance) =>
        Assert.InRange(Math.Abs(actual - expected), 0, tolerance * Math.Max(Math.Abs(expected), 1e-12));

    public static void Relative(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Relative(expected[i], actual[i], tolerance);
        }
    }
}
