using SeerMoe.Tokenization.Steps;

namespace SeerMoe.Tests.Tokenization;

/// <summary>The last step of a test: numbers the pieces that reach it, so that ids tell of pieces, remembered ones too.</summary>
internal sealed class Pieces : IEncodingStep
{
    private readonly List<string> _pieces = [];

    /// <summary>What a step makes of a text, as "a|b|c".</summary>
    public static string Of(string text, Func<IEncodingStep, IEncodingStep> step)
    {
        var pieces = new Pieces();
        var ids = new List<int>();
        step(pieces).Encode(text, ids);
        return string.Join('|', ids.Select(id => pieces._pieces[id]));
    }

    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        ids.Add(_pieces.Count);
        _pieces.Add(text.ToString());
    }
}
