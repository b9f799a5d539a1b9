namespace SeerMoe.Recipes.Running;

/// <summary>What the models of a run are called, in progress and in tables.</summary>
public static class ModelNames
{
    /// <summary>Before anything was done to it.</summary>
    public const string Full = "full model";

    public const string Pruned = "pruned";

    /// <summary>What the recipe ends with.</summary>
    public static string Newest(Recipe recipe) =>
        recipe.Step<RegularizeStep>() is not null ? "regularized" : recipe.Step<PruneStep>() is null ? "model" : recipe.IsMasked ? "pruned (masked)" : Pruned;

    /// <summary>"random 1/3".</summary>
    public static string Random(int number, int seeds) => $"random {number}/{seeds}";
}
