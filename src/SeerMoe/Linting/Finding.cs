namespace SeerMoe.Linting;

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>Checked, and fine.</summary>
    Ok,

    /// <summary>It runs, but not as one would think.</summary>
    Warning,

    /// <summary>It does not load, or computes other numbers.</summary>
    Error,
}

/// <summary>One thing that a runtime asks of a checkpoint.</summary>
/// <param name="Runtime">`transformers`, `vllm` or `llama.cpp`.</param>
/// <param name="Rule">What was checked, in a word: `equal-counts`.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="What">What was found, in one sentence.</param>
/// <param name="Reason">Why the runtime asks for it.</param>
public sealed record Finding(string Runtime, string Rule, Severity Severity, string What, string Reason);
