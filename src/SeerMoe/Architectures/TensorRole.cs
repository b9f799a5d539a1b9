namespace SeerMoe.Architectures;

/// <summary>What a tensor of a checkpoint is to pruning.</summary>
public enum TensorKind
{
    /// <summary>Copied as it is: embeddings, attention, norms, dense layers.</summary>
    Other,

    /// <summary>One row an expert on dimension 0: rows of dropped experts are left out.</summary>
    Router,

    /// <summary>Belongs to one expert: kept and renumbered, or dropped.</summary>
    Expert,
}

/// <summary>The role of one tensor. Layer and Expert are -1 where they do not apply.</summary>
public readonly record struct TensorRole(TensorKind Kind, int Layer = -1, int Expert = -1);
