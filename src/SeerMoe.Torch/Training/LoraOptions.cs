namespace SeerMoe.Torch.Training;

/// <summary>Which matrices of each layer get low-rank ones beside them.</summary>
[Flags]
public enum LoraTargets
{
    /// <summary>Queries, keys, values and output.</summary>
    Attention = 1,

    /// <summary>All matrices of the routed experts.</summary>
    Experts = 2,

    Routers = 4,

    /// <summary>Shared experts and dense layers.</summary>
    Dense = 8,

    All = Attention | Experts | Routers | Dense,
}

/// <summary>In what form low-rank matrices are saved.</summary>
public enum LoraSave
{
    /// <summary>Added to the weights of the tuned checkpoint.</summary>
    Merged,

    /// <summary>Beside that as `adapter/` in the layout of PEFT.</summary>
    Adapter,
}

/// <summary>Low-rank adaptation (LoRA, arXiv 2106.09685): W x + (alpha / rank) B A dropout(x), W frozen.</summary>
/// <param name="Rank">r, the smaller dimension of A and B.</param>
/// <param name="Alpha">B A counts alpha / rank.</param>
/// <param name="Dropout">Probability that an input element of A is zero in training.</param>
/// <param name="Targets">What is adapted; the paper's run had all linear layers.</param>
/// <param name="Save">Form of the result.</param>
public sealed record LoraOptions(int Rank = 16, double Alpha = 32, double Dropout = 0, LoraTargets Targets = LoraTargets.All, LoraSave Save = LoraSave.Merged);
