namespace SeerMoe.Torch.Training;

/// <summary>A step that was not made, because its loss or gradient is not finite or its loss leapt.</summary>
/// <param name="what">What is wrong, in one sentence.</param>
/// <param name="step">Counted from 1.</param>
/// <param name="state">Whether the parameters that it began with are to blame.</param>
public sealed class DivergedException(string what, int step, ParameterState state) : Exception(what)
{
    public int Step { get; } = step;

    public ParameterState State { get; } = state;
}

/// <summary>What is known of parameters.</summary>
public enum ParameterState
{
    /// <summary>Their loss was as before.</summary>
    Good,

    /// <summary>Their loss is not finite, or leapt.</summary>
    Bad,
}
