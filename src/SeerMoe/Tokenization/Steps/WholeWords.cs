namespace SeerMoe.Tokenization.Steps;

/// <summary>A piece that is a token as it stands becomes that token without merging (ignore_merges of a tokenizer.json).</summary>
internal sealed class WholeWords(Dictionary<string, int> vocabulary, IEncodingStep next) : IEncodingStep
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _vocabulary = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();

    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        if (_vocabulary.TryGetValue(text, out var id))
        {
            ids.Add(id);
        }
        else
        {
            next.Encode(text, ids);
        }
    }
}
