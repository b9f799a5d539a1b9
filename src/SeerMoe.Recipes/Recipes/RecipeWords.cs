using SeerMoe.Pruning;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes;

/// <summary>The words that stand for one of a few things, the same in a recipe and on the command line.</summary>
public static class RecipeWords
{
    public static IReadOnlyList<(string Word, DataFormat Value)> Formats { get; } =
        [("text", DataFormat.Text), ("jsonl", DataFormat.JsonLines), ("tokens", DataFormat.Tokens), ("choices", DataFormat.Choices)];

    public static IReadOnlyList<(string Word, Scope Value)> Scopes { get; } = [.. Enum.GetValues<Scope>().Select(scope => (scope.Name(), scope))];

    public static IReadOnlyList<(string Word, Cut Value)> Cuts { get; } = [("written", Cut.Written), ("masked", Cut.Masked)];

    public static IReadOnlyList<(string Word, Tune Value)> Tunes { get; } = [("all", Tune.All), ("routers", Tune.Routers), ("experts", Tune.Experts)];

    public static IReadOnlyList<(string Word, SequenceOrder Value)> Orders { get; } = [("shuffled", SequenceOrder.Shuffled), ("file", SequenceOrder.File)];
}
