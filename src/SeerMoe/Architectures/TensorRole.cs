namespace SeerMoe.Architectures;

/// <summary>What a tensor of a checkpoint is to pruning.</summary>
public enum TensorKind
{
    /// <summary>Copied as it is: embeddings, attention, norms, shared experts, dense layers.</summary>
    Other,

    /// <summary>One row an expert, or one column of a single row: those of dropped experts are left out.</summary>
    Router,

    /// <summary>Belongs to one expert: kept and renumbered, or dropped.</summary>
    Expert,

    /// <summary>All experts of a layer, one slice each on the first dimension: slices of dropped experts are left out.</summary>
    FusedExperts,

    /// <summary>Stands among the experts in a layout that is not this family's: never copied, never guessed.</summary>
    Unknown,
}

/// <summary>The role of one tensor.</summary>
/// <param name="Kind">What pruning does with it.</param>
/// <param name="Layer">The decoder layer that it stands in; -1 outside of all.</param>
/// <param name="Expert">The expert it belongs to; -1 for none.</param>
/// <param name="Axis">The dimension on which experts stand side by side.</param>
public readonly record struct TensorRole(TensorKind Kind, int Layer = -1, int Expert = -1, int Axis = 0)
{
    /// <summary>Whether one tensor holds something of every expert, so that a cut slices it.</summary>
    public bool IsSliced => Kind is TensorKind.Router or TensorKind.FusedExperts;
}
