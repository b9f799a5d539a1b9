using SeerMoe.Architectures;
using SeerMoe.Pruning;

namespace SeerMoe.Recipes.Planning;

/// <summary>
/// How many experts may stay after one round of several: the whole budget is spent in equal parts, so that the last round ends where a
/// single one would.
/// <code>
/// 32 experts, ratio 0.375 (12 go), 5 rounds     go so far   2  4  7  9 12     stay  30 28 25 23 20
/// </code>
/// </summary>
internal static class RoundBudget
{
    /// <summary>The budget of a step that has no plan file, for the checkpoint that its round starts from.</summary>
    /// <param name="step">Says which round it is.</param>
    /// <param name="rounds">Of the recipe.</param>
    /// <param name="shape">Of the model before the first round.</param>
    /// <exception cref="InputException">More are to be kept than there are, or a round would drop nothing.</exception>
    public static PruneBudget Of(PruneStep step, int rounds, MoeShape shape)
    {
        var whole = step.Keep is { } keep ? PruneBudget.OfKeep(keep) : PruneBudget.OfRatio(step.Ratio!.Value);
        if (rounds == 1)
        {
            return whole;
        }

        var experts = Experts(step.Scope, shape);
        var dropped = experts - whole.SurvivorsOf(experts, step.Scope == Scope.Layer ? "each layer" : "the model");
        return dropped >= rounds
            ? PruneBudget.OfKeep(experts - (int)((long)dropped * step.Round / rounds))
            : throw new InputException($"{dropped} experts can't go in {rounds} rounds{(step.Scope == Scope.Layer ? " of each layer" : "")}.", "rounds", "Say fewer rounds, or drop more: every round drops at least one.");
    }

    private static int Experts(Scope scope, MoeShape shape) => scope == Scope.Global
        ? shape.Experts.Sum()
        : shape.Experts.Min() == shape.Experts.Max()
            ? shape.Experts.Max()
            : throw new InputException("The layers have different numbers of experts, and rounds with layer scope need one.", "rounds", "Say scope: global, or leave 'rounds' out.");
}
