using SeerMoe.Experts;
using SeerMoe.Pruning;

namespace SeerMoe.Recipes.Scripting;

/// <summary>A lambda of a script as a criterion: what it gets wrong is the user's to mend, so it names the line.</summary>
internal sealed class ScriptCriterion(string name, string where, Func<LayerStatistics, double[]?> score) : ICriterion
{
    public string Name => name;

    public double[] Scores(LayerStatistics layer)
    {
        var scores = Asked(layer);
        if (scores?.Length != layer.Experts)
        {
            throw Refused($"gives {scores?.Length ?? 0} scores for the {layer.Experts} experts of layer {layer.Layer}", "Return one score an expert.");
        }

        var bad = Array.FindIndex(scores, value => !double.IsFinite(value));
        return bad < 0
            ? scores
            : throw Refused($"scores expert {bad} of layer {layer.Layer} as {scores[bad]}", "Return finite numbers; an expert that was never chosen has sums of 0, so mind divisions.");
    }

    private double[]? Asked(LayerStatistics layer)
    {
        try
        {
            return score(layer);
        }
        catch (Exception error)
        {
            throw Refused($"threw {error.GetType().Name} on layer {layer.Layer}: {ScriptFault.OneLine(error.Message)}", "Mend the lambda.", error);
        }
    }

    private InputException Refused(string what, string whatToDo, Exception? error = null) => new($"The criterion '{name}' {what}.", where, whatToDo, error);
}
