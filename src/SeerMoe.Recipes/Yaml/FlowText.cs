using System.Text;
using System.Text.RegularExpressions;

namespace SeerMoe.Recipes.Yaml;

/// <summary>YAML as it was written, on one line and in one form: `{ from: 2, to: 1 }`. No default is filled in.</summary>
internal static partial class FlowText
{
    /// <summary>The same for a person: of a criterion in C# the name alone.</summary>
    public static string Label(YamlNode node) => node is CriterionNode own ? own.Criterion.Name : Of(node);

    public static string Of(YamlNode node) => node switch
    {
        CriterionNode { Criterion: { Source: { } source } criterion } => $"{{ name: {YamlWriter.Text(criterion.Name)}, source: {YamlWriter.Text(source)} }}",
        YamlScalar { IsNull: true } => "null",
        YamlScalar { Quoted: false } scalar when Plain().IsMatch(scalar.Text) => scalar.Text,
        YamlScalar scalar => YamlWriter.Text(scalar.Text),
        YamlList { Items.Count: 0 } => "[]",
        YamlList list => $"[{string.Join(", ", list.Items.Select(Of))}]",
        YamlMapping { Entries.Count: 0 } => "{}",
        YamlMapping mapping => $"{{ {string.Join(", ", mapping.Entries.Select(Entry))} }}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A whole recipe: a line for each key, for each data file and for each stage.</summary>
    public static string OfRecipe(YamlMapping recipe)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in recipe.Entries)
        {
            IEnumerable<string> lines = value switch
            {
                YamlMapping { Entries.Count: > 0 } mapping => mapping.Entries.Select(Entry),
                YamlList { Items.Count: > 0 } list => list.Items.Select(item => $"- {(item is YamlMapping { Entries: [var only] } ? Entry(only) : Of(item))}"),
                _ => [],
            };
            text.Append(YamlWriter.Text(key.Text)).Append(':').Append(lines.Any() ? "" : $" {Of(value)}").Append('\n');
            text.AppendJoin("", lines.Select(line => $"  {line}\n"));
        }

        return text.ToString();
    }

    private static string Entry(YamlEntry entry) => $"{YamlWriter.Text(entry.Key.Text)}: {Of(entry.Value)}";

    // Numbers, words and paths that mean the same in braces as outside of them.
    [GeneratedRegex(@"^[A-Za-z0-9_.+/-]+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();
}
