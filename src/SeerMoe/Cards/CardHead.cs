namespace SeerMoe.Cards;

/// <summary>
/// What model hubs read of a card before its text. No name and no path of the source is in any card: they are the user's own, and the same
/// checkpoint has the same card wherever it is made.
/// </summary>
public static class CardHead
{
    /// <param name="title">The heading.</param>
    public static string Of(string title) => $"---\nlibrary_name: transformers\ntags:\n- mixture-of-experts\n- seer-moe\n---\n\n# {title}\n\n";
}
