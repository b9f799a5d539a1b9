using System.Globalization;
using SeerMoe.Torch.Training;

namespace SeerMoe.Tool.Commands;

/// <summary>FROM:TO on the command line: the switch comes after half the steps.</summary>
public static class TopKRange
{
    /// <exception cref="InputException">Not two whole numbers, the second from 1 up to the first.</exception>
    public static TopKSchedule Parse(string option, string text)
    {
        return text.Split(':') is [var first, var second] && Number(first) is { } from && Number(second) is { } to && to >= 1 && to <= from
            ? new TopKSchedule(from, to)
            : throw new InputException($"'{text}' is not a range of top-K.", option, "Write FROM:TO, two whole numbers that do not ascend: 2:1.");
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
