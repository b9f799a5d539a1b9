namespace SeerMoe.Recipes;

/// <summary>One thing a recipe does; its kinds are Count, Prune, Regularize and Evaluate, in this order.</summary>
public abstract record Step
{
    /// <summary>The key in the recipe: `count`.</summary>
    public abstract string Id { get; }
}
