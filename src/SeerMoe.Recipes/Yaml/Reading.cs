namespace SeerMoe.Recipes.Yaml;

/// <summary>One reading of a recipe: the faults found on the way, and where everything stood.</summary>
internal sealed class Reading
{
    public List<Diagnostic> Diagnostics { get; } = [];

    public RecipePlaces Places { get; } = new();

    public void Report(Place place, string message, string? hint = null) => Diagnostics.Add(new Diagnostic(place, message, hint));

    /// <summary>Reports and answers false: what a TryRead returns.</summary>
    public bool Refuse(Place place, string message, string? hint = null)
    {
        Report(place, message, hint);
        return false;
    }
}
