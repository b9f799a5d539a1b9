namespace SeerMoe.Recipes;

/// <summary>One thing a recipe does; its kinds are Count, Prune, Regularize and Evaluate, in this order.</summary>
public abstract record Step
{
    /// <summary>The key in the recipe: `count`.</summary>
    public abstract string Id { get; }

    /// <summary>Which time it is done, from 1, where a recipe has several rounds.</summary>
    public int Round { get; init; } = 1;

    /// <summary>What the stage that does it is called: `count`, in the second round `count-2`.</summary>
    public string StageId => Round == 1 ? Id : $"{Id}-{Round}";
}
