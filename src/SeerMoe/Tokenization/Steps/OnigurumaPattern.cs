using System.Text;
using System.Text.RegularExpressions;

namespace SeerMoe.Tokenization.Steps;

/// <summary>
/// A pattern in the language of Oniguruma, which Hugging Face tokenizers speak, put into .NET's. What the two read differently is
/// rewritten, or refused by name.
/// <code>
/// ^ and $   at every line      -> RegexOptions.Multiline
/// \p{L}++   possessive         -> (?>\p{L}+)
/// [𐐀-𐑏]     code points        -> one stand-in character for the range
/// (?i:s)    long s too         -> (?i:[sſ])
/// [[a]&amp;&amp;b]  \w  \h  (?m)   -> refused
/// </code>
/// </summary>
internal sealed class OnigurumaPattern
{
    private static readonly string[] Groups = ["(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:"];

    private readonly string _pattern;
    private readonly StringBuilder _output = new();
    private readonly Stack<(int Output, bool IgnoresCase)> _groups = new();
    private readonly OnigurumaCharacters _characters;
    private int _at;
    private int _atom; // where the output has what a quantifier would repeat

    private OnigurumaPattern(string pattern) => (_pattern, _characters) = (pattern, new OnigurumaCharacters(pattern));

    /// <exception cref="NotSupportedException">The pattern has something that is not rewritten.</exception>
    public static CodePointPattern Read(string pattern) => new OnigurumaPattern(pattern).Read();

    private CodePointPattern Read()
    {
        while (_at < _pattern.Length)
        {
            ReadNext();
        }

        try
        {
            return new CodePointPattern(CodePointPattern.Compiled(_output.ToString(), RegexOptions.Multiline), _characters.StandIns());
        }
        catch (RegexParseException error)
        {
            throw new NotSupportedException($"pre_tokenizer Split by a pattern with an error ({error.Message})", error);
        }
    }

    private void ReadNext()
    {
        switch (_pattern[_at])
        {
            case '(':
                _groups.Push((_output.Length, _characters.IgnoresCase));
                Copy(GroupStart().Length);
                break;
            case ')':
                (_atom, _characters.IgnoresCase) = _groups.TryPop(out var group) ? group : throw OnigurumaCharacters.Unsupported("a ) without its (");
                Copy(1);
                break;
            case '?' or '*' or '+':
                ReadQuantifier(1);
                break;
            case '{' when QuantifierLength() is > 0 and var length:
                ReadQuantifier(length);
                break;
            case '|' or '^' or '$' or '.':
                _atom = _output.Length;
                Copy(1);
                break;
            case '[':
                _atom = _output.Length;
                _output.Append(_characters.ReadClass(ref _at));
                break;
            default:
                _atom = _output.Length;
                _output.Append(_characters.ReadOne(ref _at));
                break;
        }
    }

    private string GroupStart()
    {
        if (_at + 1 == _pattern.Length || _pattern[_at + 1] != '?')
        {
            return "(";
        }

        var start = Array.Find(Groups, group => _pattern.AsSpan(_at).StartsWith(group, StringComparison.Ordinal))
            ?? throw OnigurumaCharacters.Unsupported($"the group {_pattern.AsSpan(_at, Math.Min(3, _pattern.Length - _at))}");
        _characters.IgnoresCase |= start == "(?i:";
        return start;
    }

    // {2} {2,} {2,3}; any other brace is itself, but for {,3}, which .NET would take for itself too.
    private int QuantifierLength()
    {
        var close = _pattern.IndexOf('}', _at);
        var bounds = close < 0 ? "" : _pattern[(_at + 1)..close];
        return bounds.Length == 0 || !bounds.All(character => char.IsAsciiDigit(character) || character == ',') ? 0
            : bounds[0] == ',' ? throw OnigurumaCharacters.Unsupported("a quantifier without its lower bound")
            : close - _at + 1;
    }

    private void ReadQuantifier(int length)
    {
        Copy(length);
        var follows = _at < _pattern.Length ? _pattern[_at] : '\0';
        if (length > 1 && follows is '?' or '+')
        {
            throw OnigurumaCharacters.Unsupported($"{follows} behind a quantifier in braces");
        }

        if (follows == '?')
        {
            Copy(1);
        }
        else if (follows == '+')
        {
            _output.Insert(_atom, "(?>").Append(')');
            _at++;
        }
    }

    private void Copy(int length)
    {
        _output.Append(_pattern, _at, length);
        _at += length;
    }
}
