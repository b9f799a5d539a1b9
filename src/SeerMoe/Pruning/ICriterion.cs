using SeerMoe.Experts;

namespace SeerMoe.Pruning;

/// <summary>Turns the statistics of a layer into one score an expert; the higher the score, the longer the expert is kept.</summary>
public interface ICriterion
{
    /// <summary>The name in options, recipes and plans.</summary>
    string Name { get; }

    /// <summary>One finite score an expert (length E).</summary>
    double[] Scores(LayerStatistics layer);
}
