namespace SeerMoe.Tokenization.Steps;

/// <summary>
/// One step on the way from text to ids: it cuts or rewrites the text and hands the pieces to the next; the last one gives ids.
/// What a step gives depends on the text alone, which is why pieces can be remembered.
/// </summary>
internal interface IEncodingStep
{
    /// <param name="text">Without lone surrogates, not empty.</param>
    /// <param name="ids">Takes the ids of the text at its end.</param>
    void Encode(ReadOnlySpan<char> text, List<int> ids);
}
