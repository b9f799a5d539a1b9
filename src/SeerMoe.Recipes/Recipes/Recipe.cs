namespace SeerMoe.Recipes;

/// <summary>What the user wants done, as it was written: a model, data, and the steps in their order.</summary>
/// <param name="Name">Names the run's folder.</param>
/// <param name="Seed">The seed of everything random in the run.</param>
/// <param name="Model">Folder of the checkpoint, relative to the recipe's folder.</param>
/// <param name="Data">The data files that steps refer to by name, in the order of the recipe.</param>
/// <param name="Stages">In the order in which they run.</param>
public sealed record Recipe(string Name, long Seed, string Model, ValueList<DataSource> Data, ValueList<Step> Stages)
{
    /// <summary>
    /// Threads of the CPU that every stage computes with. A number of the recipe and not of the machine, because the last bits of
    /// sums depend on it: so two machines get the same bytes.
    /// </summary>
    public int Threads { get; init; } = 8;

    /// <summary>Whether documents may be both learned from and judged by: refused otherwise, and recorded where it is so.</summary>
    public bool AllowOverlap { get; init; }

    /// <summary>The prune stage decides and writes no checkpoint: the evaluation masks what it drops.</summary>
    public bool IsMasked => Step<EvaluateStep>() is { Cut: Cut.Masked };

    /// <summary>The data of this name, or null.</summary>
    public DataSource? Find(string data) => Data.FirstOrDefault(source => source.Name == data);

    /// <summary>The step of this kind, or null: a recipe has at most one of each.</summary>
    public TStep? Step<TStep>()
        where TStep : Step => Stages.OfType<TStep>().FirstOrDefault();
}
