using System.Globalization;
using SeerMoe.Recipes;
using SeerMoe.Torch.Training;

namespace SeerMoe.Tool.Commands;

/// <summary>FROM:TO or FROM:TO:SCHEDULE on the command line: its end comes after half the steps.</summary>
public static class TopKRange
{
    /// <exception cref="InputException">Not two whole numbers, the second from 1 up to the first, or no such schedule.</exception>
    public static TopKSchedule Parse(string option, string text)
    {
        var parts = text.Split(':');
        var schedule = parts is [.., var word] && parts.Length == 3 ? Choice.Of(option, word, RecipeWords.Annealings) : Annealing.Step;
        return parts is [var first, var second, ..] && parts.Length <= 3 && Number(first) is { } from && Number(second) is { } to && to >= 1 && to <= from
            ? new TopKSchedule(from, to, Schedule: schedule)
            : throw new InputException($"'{text}' is not a range of top-K.", option, "Write FROM:TO, two whole numbers that do not ascend: 2:1.");
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
