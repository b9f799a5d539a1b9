using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SeerMoe.Torch.Tasks;

/// <summary>
/// A text with fields of a row in it. Methods are those of <see cref="TextMethod"/>; there is nothing else, so a task of a stranger can do no harm.
/// <code>
/// "{{question.strip()}}\nA. {{choices[0]}}\nAnswer:"      " 1 + 1? ", ["2", "3"]   ->   "1 + 1?\nA. 2\nAnswer:"
/// </code>
/// </summary>
public sealed partial class Template : IEquatable<Template>
{
    private readonly IReadOnlyList<object> _pieces;

    private Template(string source, IReadOnlyList<object> pieces) => (Source, _pieces) = (source, pieces);

    /// <summary>As it was written.</summary>
    public string Source { get; }

    /// <summary>A text without fields, whatever stands in it.</summary>
    public static Template Literal(string text) => new(text, [text]);

    /// <exception cref="FormatException">Not of this language; says what.</exception>
    public static Template Parse(string source)
    {
        var pieces = new List<object>();
        var at = 0;
        for (int open; (open = source.IndexOf("{{", at, StringComparison.Ordinal)) >= 0;)
        {
            var close = source.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                throw new FormatException("'{{' without '}}'");
            }

            pieces.Add(source[at..open]);
            pieces.Add(Field.Parse(source[(open + 2)..close].Trim()));
            at = close + 2;
        }

        pieces.Add(source[at..]);
        return new Template(source, pieces);
    }

    /// <exception cref="FormatException">The row lacks something.</exception>
    public string Render(JsonObject fields)
    {
        var text = new StringBuilder();
        foreach (var piece in _pieces)
        {
            text.Append(piece is Field field ? field.Text(fields) : (string)piece);
        }

        return text.ToString();
    }

    /// <summary>The items of the list that the one field of this template names.</summary>
    /// <exception cref="FormatException">The row lacks it, or it is no list.</exception>
    public IReadOnlyList<string> RenderList(JsonObject fields) =>
        _pieces is ["", Field field, ""] ? field.Texts(fields) : throw new FormatException($"'{Source}' is not one field that is a list");

    public bool Equals(Template? other) => other?.Source == Source;

    public override bool Equals(object? obj) => Equals(obj as Template);

    public override int GetHashCode() => Source.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Source;

    /// <summary>A path and the methods called on what stands there.</summary>
    private sealed partial record Field(FieldPath Path, IReadOnlyList<(TextMethod Method, IReadOnlyList<string> Arguments)> Calls)
    {
        public static Field Parse(string source)
        {
            var match = Form().Match(source);
            if (!match.Success)
            {
                throw new FormatException($"'{source}' is not a field like question, choices[0] or question.strip()");
            }

            string[] steps = [.. match.Groups["step"].Captures.Select(step => step.Value.TrimStart('.'))];
            return new Field(new FieldPath(steps), [.. match.Groups["call"].Captures.Select(call => Call(call.Value))]);
        }

        public string Text(JsonObject fields) => Called(Path.Text(fields));

        public IReadOnlyList<string> Texts(JsonObject fields) => [.. Path.Texts(fields).Select(Called)];

        private static (TextMethod Method, IReadOnlyList<string> Arguments) Call(string call)
        {
            var name = call[1..call.IndexOf('(', StringComparison.Ordinal)];
            if (!TextMethod.All.TryGetValue(name, out var method))
            {
                throw new FormatException($"unknown method '{name}'; there are {string.Join(", ", TextMethod.All.Keys.Order(StringComparer.Ordinal))}");
            }

            string[] arguments = [.. Quoted().Matches(call).Select(argument => argument.Value[1..^1])];
            return arguments.Length == method.Arguments && !(arguments is ["", ..])
                ? (method, arguments)
                : throw new FormatException($"'{name}' takes {method.Arguments} texts in quotes, the first not empty");
        }

        private string Called(string text) => Calls.Aggregate(text, (so, call) => call.Method.Apply(so, call.Arguments));

        [GeneratedRegex("""^(?<step>\w+)(?<step>\.\w+(?!\w|\()|\[\d{1,4}\])*(?<call>\.\w+\(\s*(('[^']*'|"[^"]*")(\s*,\s*('[^']*'|"[^"]*"))*)?\s*\))*$""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
        private static partial Regex Form();

        [GeneratedRegex(@"'[^']*'|""[^""]*""", RegexOptions.CultureInvariant)]
        private static partial Regex Quoted();
    }
}
