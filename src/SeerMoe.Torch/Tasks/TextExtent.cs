namespace SeerMoe.Torch.Tasks;

/// <summary>How large texts are, before anybody encodes them.</summary>
/// <param name="Longest">The first of the longest by characters; empty where there is none.</param>
/// <param name="Texts">How many there are.</param>
internal readonly record struct TextExtent(string Longest, long Texts)
{
    public static TextExtent Of(IEnumerable<string> texts) =>
        texts.Aggregate(new TextExtent("", 0), (extent, text) => new TextExtent(text.Length > extent.Longest.Length ? text : extent.Longest, extent.Texts + 1));
}
