using SeerMoe.Pruning;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes;

/// <summary>The words that stand for one of a few things, the same in a recipe and on the command line.</summary>
public static class RecipeWords
{
    public static IReadOnlyList<(string Word, DataFormat Value)> Formats { get; } =
        [("text", DataFormat.Text), ("jsonl", DataFormat.JsonLines), ("tokens", DataFormat.Tokens), ("choices", DataFormat.Choices), ("folder", DataFormat.Folder)];

    public static IReadOnlyList<(string Word, Scope Value)> Scopes { get; } = [.. Enum.GetValues<Scope>().Select(scope => (scope.Name(), scope))];

    public static IReadOnlyList<(string Word, Cut Value)> Cuts { get; } = [("written", Cut.Written), ("masked", Cut.Masked)];

    public static IReadOnlyList<(string Word, Comparison Value)> Comparisons { get; } = [("base", Comparison.Base), ("random", Comparison.Random)];

    public static IReadOnlyList<(string Word, LearningRateDecay Value)> Decays { get; } = [("constant", LearningRateDecay.Constant), ("cosine", LearningRateDecay.Cosine)];

    public static IReadOnlyList<(string Word, GateAtTop1 Value)> Gates { get; } =
        [("probability", GateAtTop1.Probability), ("renormalised", GateAtTop1.Renormalised), ("straight-through", GateAtTop1.StraightThrough)];

    public static IReadOnlyList<(string Word, Tune Value)> Tunes { get; } = [("all", Tune.All), ("routers", Tune.Routers), ("experts", Tune.Experts)];

    public static IReadOnlyList<(string Word, SequenceOrder Value)> Orders { get; } = [("shuffled", SequenceOrder.Shuffled), ("file", SequenceOrder.File)];

    /// <summary>The word for a value of any of them; its number where it has none.</summary>
    public static string Of(Enum value) => value switch
    {
        DataFormat format => Of(Formats, format),
        Scope scope => Of(Scopes, scope),
        Cut cut => Of(Cuts, cut),
        Comparison comparison => Of(Comparisons, comparison),
        LearningRateDecay decay => Of(Decays, decay),
        GateAtTop1 gate => Of(Gates, gate),
        Tune tune => Of(Tunes, tune),
        SequenceOrder order => Of(Orders, order),
        _ => value.ToString(),
    };

    private static string Of<E>(IEnumerable<(string Word, E Value)> words, E value)
        where E : struct, Enum => words.Where(pair => pair.Value.Equals(value)).Select(pair => pair.Word).FirstOrDefault() ?? value.ToString();
}
