using System.Text.RegularExpressions;

namespace SeerMoe.Torch.Tasks;

/// <summary>One change of a rendered text; a task's edits are made in their order.</summary>
public abstract record TextEdit
{
    public abstract string Apply(string text);
}

/// <summary>`strip`.</summary>
public sealed record StripEdit : TextEdit
{
    public const string Word = "strip";

    public override string Apply(string text) => PythonText.Strip(text);
}

/// <summary><c>{ replace: " [title]", with: ". " }</c>.</summary>
public sealed record ReplaceEdit(string Old, string With) : TextEdit
{
    public override string Apply(string text) => text.Replace(Old, With, StringComparison.Ordinal);
}

/// <summary><c>{ regex: '\[.*?\]', with: "" }</c>; groups are $1, $2. Matched without backtracking: no pattern takes more than linear time.</summary>
public sealed record RegexEdit(string Pattern, string With) : TextEdit
{
    private readonly Regex _regex = new(Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public override string Apply(string text) => _regex.Replace(text, With);

    public bool Equals(RegexEdit? other) => other is not null && (Pattern, With) == (other.Pattern, other.With);

    public override int GetHashCode() => HashCode.Combine(Pattern, With);
}
