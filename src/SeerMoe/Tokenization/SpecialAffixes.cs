namespace SeerMoe.Tokenization;

/// <summary>The special tokens that a checkpoint puts around a text.</summary>
internal sealed record SpecialAffixes(int[] Before, int[] After)
{
    public static SpecialAffixes None { get; } = new([], []);

    public int[] Around(int[] ids) => Before.Length + After.Length == 0 ? ids : [.. Before, .. ids, .. After];
}
