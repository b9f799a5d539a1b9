namespace SeerMoe.Pruning;

/// <summary>Among whom an expert competes for survival.</summary>
public enum Scope
{
    /// <summary>The experts of its own layer: every layer loses the same share.</summary>
    Layer,

    /// <summary>All experts of the model: layers end up with different numbers of them.</summary>
    Global,
}

/// <summary>The spelling of <see cref="Scope"/> in options, recipes and plans.</summary>
public static class Scopes
{
    public static IReadOnlyList<string> Names { get; } = ["layer", "global"];

    /// <summary>`layer` or `global`.</summary>
    public static string Name(this Scope scope) => Names[(int)scope];

    /// <param name="name">`layer` or `global`.</param>
    /// <param name="where">The option or file that the name came from.</param>
    /// <exception cref="InputException">Neither of the two.</exception>
    public static Scope Find(string name, string where) => name switch
    {
        "layer" => Scope.Layer,
        "global" => Scope.Global,
        _ => throw new InputException($"'{name}' is not a scope.", where, $"{DidYouMean.Hint(name, Names)}Scopes: {string.Join(", ", Names)}."),
    };
}
