using System.Globalization;
using SeerMoe.Torch.Calibration;

namespace SeerMoe.Tool.Commands;

/// <summary>I/N on the command line: the I-th of N slices.</summary>
public static class ShardOption
{
    /// <exception cref="InputException">Not of that form, or I is not from 1 to N.</exception>
    public static Slice Parse(string text) =>
        text.Split('/') is [var number, var of]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
        && int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        && i >= 1 && i <= n
            ? new Slice(i, n)
            : throw new InputException($"'{text}' is not one of several slices.", "--shard", "Say I/N with I from 1 to N: --shard 2/4.");
}
