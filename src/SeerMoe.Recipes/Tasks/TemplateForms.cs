using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using SeerMoe.Recipes.Yaml;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Recipes.Tasks;

/// <summary>Any text, line breaks too, or none at all.</summary>
internal sealed class ProseForm : ValueForm<string>
{
    public static readonly ProseForm Instance = new();

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out string value)
    {
        value = (node as YamlScalar)?.Text;
        return value is not null || reading.Refuse(node.Place, $"{path} must be a text, not {node.Described}");
    }

    public override JsonNode Write(string value) => JsonValue.Create(value);
}

/// <summary><c>"Question: {{goal}}\nAnswer:"</c>.</summary>
internal sealed class TemplateForm : ValueForm<Template>
{
    public static readonly TemplateForm Instance = new();

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out Template value)
    {
        value = null;
        if (!ProseForm.Instance.TryRead(node, path, reading, out var source))
        {
            return false;
        }

        try
        {
            value = Template.Parse(source);
            return true;
        }
        catch (FormatException error)
        {
            return reading.Refuse(node.Place, $"{path} is not a template: {error.Message}", "Write text with fields of a row in it: \"Question: {{question.strip()}}\".");
        }
    }

    public override JsonNode Write(Template value) => JsonValue.Create(value.Source);
}

/// <summary><c>["{{sol1}}", "{{sol2}}"]</c>, or a field that is a list: <c>"{{endings}}"</c>.</summary>
internal sealed class TextListForm : ValueForm<TextList>
{
    public static readonly TextListForm Instance = new();

    private static readonly ListForm<Template> Templates = new(TemplateForm.Instance);

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out TextList value)
    {
        var right = Templates.TryRead(node, path, reading, out var templates);
        value = new TextList(templates ?? [], node is YamlList ? TextListKind.Each : TextListKind.OneField);
        return right;
    }

    public override JsonNode Write(TextList value) =>
        value.Kind == TextListKind.OneField ? TemplateForm.Instance.Write(value.Templates[0]) : Templates.Write([.. value.Templates]);
}

/// <summary>`strip`, <c>{ replace: .., with: .. }</c> or <c>{ regex: .., with: .. }</c>.</summary>
internal sealed class EditForm : ValueForm<TextEdit>
{
    public static readonly EditForm Instance = new();

    private const string Forms = "Write strip, { replace: \"a\", with: \"b\" } or { regex: \"a\", with: \"b\" }.";

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out TextEdit value)
    {
        value = node switch
        {
            YamlScalar { Text: StripEdit.Word } => new StripEdit(),
            YamlMapping { Entries: [{ Key.Text: "replace", Value: YamlScalar { Text.Length: > 0 } old }, { Key.Text: "with", Value: YamlScalar with }] } => new ReplaceEdit(old.Text, with.Text),
            YamlMapping { Entries: [{ Key.Text: "regex", Value: YamlScalar { Text.Length: > 0 } pattern }, { Key.Text: "with", Value: YamlScalar with }] } => Regex(pattern.Text, with.Text),
            _ => null,
        };
        return value is not null || reading.Refuse(node.Place, $"{path} is no edit of a text", Forms);
    }

    public override JsonNode Write(TextEdit value) => value switch
    {
        ReplaceEdit replace => new JsonObject { ["replace"] = replace.Old, ["with"] = replace.With },
        RegexEdit regex => new JsonObject { ["regex"] = regex.Pattern, ["with"] = regex.With },
        _ => JsonValue.Create(StripEdit.Word),
    };

    private static RegexEdit? Regex(string pattern, string with)
    {
        try
        {
            return new RegexEdit(pattern, with);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null; // not a pattern, or one that looks around or back
        }
    }
}

/// <summary>`[anatomy, astronomy]`.</summary>
internal sealed class SubjectsForm : ValueForm<SubjectGroup>
{
    private static readonly ListForm<string> Names = new(NameForm.Instance);

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out SubjectGroup value)
    {
        var right = Names.TryRead(node, path, reading, out var subjects);
        value = new SubjectGroup("", subjects ?? []);
        return right;
    }

    public override JsonNode Write(SubjectGroup value) => Names.Write([.. value.Subjects]);
}

/// <summary>`name: value`, in the order of the file.</summary>
internal sealed class NamedForm<V>(ValueForm<V> form, Func<V, string, V> named, Func<V, string> nameOf) : ValueForm<ValueList<V>>
    where V : class
{
    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out ValueList<V> value)
    {
        value = [];
        if (node is not YamlMapping mapping)
        {
            return reading.Refuse(node.Place, $"{path} must be a mapping of names, not {node.Described}");
        }

        var before = reading.Diagnostics.Count;
        var read = new List<V>();
        foreach (var entry in mapping.Entries)
        {
            reading.Places.Add($"{path}.{entry.Key.Text}", entry.Key.Place);
            if (NameForm.Instance.TryRead(entry.Key, $"a name in {path}", reading, out var name) && form.TryRead(entry.Value, $"{path}.{name}", reading, out var item))
            {
                read.Add(named(item, name));
            }
        }

        value = [.. read];
        return reading.Diagnostics.Count == before;
    }

    public override JsonNode Write(ValueList<V> value) =>
        new JsonObject(value.Select(item => KeyValuePair.Create<string, JsonNode?>(nameOf(item), form.Write(item))));
}
