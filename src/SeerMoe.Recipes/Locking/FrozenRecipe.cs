using SeerMoe.Digests;
using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Recipes.Locking;

/// <summary>recipe.yaml of a run folder: the recipe as it ran, overrides applied and every default filled in.</summary>
public sealed class FrozenRecipe
{
    public const string Name = "recipe.yaml";

    internal const string Header = "# Frozen by dotnet seer. Paths are relative to the folder of the recipe that was run.\n";

    public FrozenRecipe(Recipe recipe)
    {
        Text = Header + RecipeYaml.Write(recipe);
        Digest = new RecipeDigest(recipe.Name, TextDigest.Of(Text));
    }

    /// <summary>The same recipe gives the same text.</summary>
    public string Text { get; }

    public RecipeDigest Digest { get; }
}
