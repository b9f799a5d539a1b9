namespace SeerMoe.Linting;

/// <summary>Asks whether stock runtimes can load and run a checkpoint with its number of experts.</summary>
/// <remarks>Rules are read off the runtimes' own configs and issue threads (families.md, section 16); none of them is run here.</remarks>
public static class Linter
{
    private static readonly (string Name, Func<LintSubject, IEnumerable<Finding>> Rules)[] All =
    [
        (TransformersRules.Runtime, TransformersRules.Of),
        (VllmRules.Runtime, VllmRules.Of),
        (LlamaCppRules.Runtime, LlamaCppRules.Of),
    ];

    public static IReadOnlyList<string> Runtimes { get; } = [.. All.Select(runtime => runtime.Name)];

    /// <param name="subject">The checkpoint.</param>
    /// <param name="runtimes">Some of <see cref="Runtimes"/>.</param>
    /// <exception cref="InputException">A runtime is unknown.</exception>
    public static IReadOnlyList<Finding> Lint(LintSubject subject, IReadOnlyList<string> runtimes)
    {
        if (runtimes.FirstOrDefault(name => !Runtimes.Contains(name)) is { } unknown)
        {
            throw new InputException($"'{unknown}' is not a runtime known here.", "--for", $"{DidYouMean.Hint(unknown, Runtimes)}Runtimes: {string.Join(", ", Runtimes)}.");
        }

        if (runtimes.Count == 0)
        {
            throw new InputException("No runtime is named.", "--for", $"Runtimes: {string.Join(", ", Runtimes)}; leave the option out for all.");
        }

        return [.. All.Where(runtime => runtimes.Contains(runtime.Name)).SelectMany(runtime => runtime.Rules(subject))];
    }
}
