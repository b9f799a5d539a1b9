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

    /// <summary>
    /// How often the stages before the evaluation are done: each round counts on what the last one left, drops its share of the
    /// experts, and tunes.
    /// <code>
    /// rounds: 3, ratio: 0.375 of 32    count  32 -> 28  tune    count-2  28 -> 24  tune    count-3  24 -> 20  tune    evaluate
    /// </code>
    /// </summary>
    public int Rounds { get; init; } = 1;

    /// <summary>The steps as often as they are done, in the order in which they run.</summary>
    public IEnumerable<Step> Rolled =>
    [
        .. Enumerable.Range(1, Rounds).SelectMany(round => Stages.Where(step => step is not EvaluateStep).Select(step => step with { Round = round })),
        .. Stages.Where(step => step is EvaluateStep),
    ];

    /// <summary>The prune stage decides and writes no checkpoint: the evaluation masks what it drops.</summary>
    public bool IsMasked => Step<EvaluateStep>() is { Cut: Cut.Masked };

    /// <summary>The data of this name, or null.</summary>
    public DataSource? Find(string data) => Data.FirstOrDefault(source => source.Name == data);

    /// <summary>The step of this kind, or null: a recipe has at most one of each.</summary>
    public TStep? Step<TStep>()
        where TStep : Step => Stages.OfType<TStep>().FirstOrDefault();
}
