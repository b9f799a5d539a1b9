using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using SeerMoe.Pruning;

namespace SeerMoe.Recipes.Yaml;

/// <summary>
/// `soft`: a criterion of the catalog; or what a script wrote in C#, of which a frozen recipe keeps the text.
/// <code>
/// criterion:
///   name: gate-per-token
///   source: "layer => ..."
/// </code>
/// </summary>
internal sealed class CriterionForm : ValueForm<ChosenCriterion>
{
    public static readonly CriterionForm Instance = new();

    private static readonly ChoiceForm<string> Known = new("criterion", [.. CriterionCatalog.Names.Select(name => (name, name))]);

    private static readonly RecordForm<ChosenCriterion> Written = new RecordForm<ChosenCriterion>("criterion", () => new ChosenCriterion("", ""))
        .Key("name", NameForm.Instance, c => c.Name, (c, v) => c with { Name = v }, required: true)
        .Key("source", new CodeForm(), c => c.Source, (c, v) => c with { Source = v }, required: true);

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out ChosenCriterion value)
    {
        value = (node as CriterionNode)?.Criterion;
        return node switch
        {
            CriterionNode own => IsNameFree(own.Criterion.Name, own, path, reading),
            YamlMapping => Written.TryRead(node, path, reading, out value) && IsNameFree(value.Name, node, path, reading),
            _ => Known.TryRead(node, path, reading, out var name) && (value = name) is not null,
        };
    }

    public override JsonNode Write(ChosenCriterion value) => value.Source is null ? JsonValue.Create(value.Name) : Written.Write(value);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Known.Schema(), Written.Schema()) };

    private static bool IsNameFree(string name, YamlNode node, string path, Reading reading) =>
        NameForm.Instance.TryRead(new YamlScalar(node.Place, name, Quoted: true), path, reading, out _)
        && (!CriterionCatalog.Names.Contains(name) || reading.Refuse(node.Place, $"'{name}' is a criterion of the catalog", "Give a criterion of your own a name of its own."));

    /// <summary>Text of any number of lines.</summary>
    private sealed class CodeForm : ValueForm<string>
    {
        public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out string value)
        {
            value = (node as YamlScalar)?.Text;
            return value?.Length > 0 || reading.Refuse(node.Place, $"{path} must be C#, not {node.Described}");
        }

        public override JsonNode Write(string value) => JsonValue.Create(value);

        public override JsonObject Schema() => TextForm.Any.Schema();
    }
}

/// <summary>A criterion that a script holds at hand.</summary>
internal sealed record CriterionNode(Place Place, ChosenCriterion Criterion) : YamlNode(Place)
{
    public override string Described => "a criterion in C#";

    public override YamlNode Copy() => this; // nobody changes it
}
