namespace SeerMoe.Tokenization;

/// <summary>The token of every id.</summary>
internal sealed class TokenTable
{
    // An id decides how much is allocated.
    private const int MostTokens = 10_000_000;

    private readonly string?[] _tokenOfId;
    private readonly HashSet<string> _special;

    /// <param name="tokens">Of two with the same id the later one counts.</param>
    /// <param name="special">Tokens that are no text.</param>
    public TokenTable(IReadOnlyCollection<KeyValuePair<string, int>> tokens, IEnumerable<string> special)
    {
        var size = tokens.Select(token => token.Value).DefaultIfEmpty(-1).Max() + 1;
        var outside = tokens.FirstOrDefault(token => token.Value is < 0 or > MostTokens);
        if (outside.Key is not null)
        {
            throw new FormatException($"the token {outside.Key} has the id {outside.Value}.");
        }

        _tokenOfId = new string?[size];
        foreach (var (token, id) in tokens)
        {
            _tokenOfId[id] = token;
        }

        _special = [.. special];
    }

    public int Size => _tokenOfId.Length;

    public string? Token(int id) => id >= 0 && id < _tokenOfId.Length ? _tokenOfId[id] : null;

    public IEnumerable<string> Tokens(IEnumerable<int> ids) => ids.Select(Token).OfType<string>();

    /// <summary>A token is special by what it says, so that an id which spells it too counts as special.</summary>
    public bool IsSpecial(string token) => _special.Contains(token);
}
