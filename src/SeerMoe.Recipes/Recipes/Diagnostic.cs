using System.Collections.Immutable;

namespace SeerMoe.Recipes;

/// <summary>
/// One fault of a recipe: what, where, what to do.
/// <code>
/// recipe.yaml(12,30): unknown key 'ratoi' in prune
///     - prune: { criterion: soft, ratoi: 0.25 }
///                                 ^^^^^
///   Did you mean 'ratio'?
/// </code>
/// </summary>
/// <param name="Place">Null where nothing can be pointed at.</param>
/// <param name="Message">What is wrong, without a full stop.</param>
/// <param name="Hint">What to do, a sentence; null where the message says it all.</param>
public sealed record Diagnostic(Place? Place, string Message, string? Hint = null)
{
    public override string ToString()
    {
        string?[] lines = [Place is null ? Message : $"{Place}: {Message}", Place?.Excerpt(), Hint is null ? null : $"  {Hint}"];
        return string.Join('\n', lines.Where(line => line is not null));
    }
}

/// <summary>A recipe that can't be run, with everything that is wrong with it. Exit code 2.</summary>
public sealed class RecipeException(IReadOnlyCollection<Diagnostic> diagnostics) : Exception
{
    // More than anybody mends in one go; a file that is no recipe at all has thousands.
    private const int Most = 100;

    /// <summary>In the order of the file, options of the command line after it.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; } =
    [
        .. diagnostics
            .OrderBy(diagnostic => diagnostic.Place is { Line: > 0 } place ? place.Line : int.MaxValue)
            .ThenBy(diagnostic => diagnostic.Place?.Column ?? int.MaxValue)
            .Take(Most),
        .. diagnostics.Count > Most ? [new Diagnostic(Place: null, $"and {diagnostics.Count - Most} more")] : Array.Empty<Diagnostic>(),
    ];

    public override string Message => string.Join('\n', Diagnostics);
}
