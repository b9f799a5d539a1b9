using System.Text.Json.Nodes;

namespace SeerMoe.Torch.Tasks;

/// <summary>The choices of a question: a template each, or a field that is a list.</summary>
/// <param name="Templates">One where it is <paramref name="Kind"/> OneField.</param>
public sealed record TextList(IReadOnlyList<Template> Templates, TextListKind Kind)
{
    /// <exception cref="FormatException">The row lacks something.</exception>
    public IReadOnlyList<string> Render(JsonObject fields) => Kind == TextListKind.OneField
        ? Templates[0].RenderList(fields)
        : [.. Templates.Select(template => template.Render(fields))];
}

/// <summary>How a <see cref="TextList"/> was written.</summary>
public enum TextListKind
{
    /// <summary><c>["{{sol1}}", "{{sol2}}"]</c>.</summary>
    Each,

    /// <summary><c>"{{endings}}"</c>.</summary>
    OneField,
}
