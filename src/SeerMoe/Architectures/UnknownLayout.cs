namespace SeerMoe.Architectures;

/// <summary>Experts that stand in a tensor which the family does not have: guessing their layout would give wrong numbers in silence.</summary>
internal static class UnknownLayout
{
    public static InputException Of(string tensor, string where) => new(
        $"'{tensor}' holds experts in a layout that is not this family's.",
        where,
        "Save the checkpoint again in its published layout (transformers: save_original_format=True).");
}
