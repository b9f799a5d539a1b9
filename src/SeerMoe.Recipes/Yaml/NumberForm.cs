using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace SeerMoe.Recipes.Yaml;

/// <summary>A number within its range.</summary>
internal sealed class NumberForm<N> : ValueForm<N>
    where N : struct, INumber<N>, IMinMaxValue<N>
{
    private readonly Func<N, bool> _allows;
    private readonly string _range;

    private readonly (string Keyword, N Value)[] _bounds;

    private NumberForm(Func<N, bool> allows, string range, params (string Keyword, N Value)[] bounds) => (_allows, _range, _bounds) = (allows, range, bounds);

    public static NumberForm<N> From(N least) => new(value => value >= least, $"at least {least}", ("minimum", least));

    public static NumberForm<N> Above(N bound) => new(value => value > bound, $"above {bound}", ("exclusiveMinimum", bound));

    public static NumberForm<N> Between(N least, N most) => new(value => value >= least && value <= most, $"from {least} to {most}", ("minimum", least), ("maximum", most));

    /// <summary>The upper bound itself is excluded.</summary>
    public static NumberForm<N> FromBelow(N least, N bound) => new(value => value >= least && value < bound, $"at least {least} and below {bound}", ("minimum", least), ("exclusiveMaximum", bound));

    private static bool IsWhole => typeof(N) != typeof(double);

    private static NumberStyles Styles => IsWhole ? NumberStyles.AllowLeadingSign : NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out N value)
    {
        value = default;
        if (node is not YamlScalar { Quoted: false } scalar || !IsNumber(scalar.Text))
        {
            return reading.Refuse(node.Place, $"{path} must be a {(IsWhole ? "whole number" : "number")}, not {node.Described}");
        }

        if (!N.TryParse(scalar.Text, Styles, CultureInfo.InvariantCulture, out value))
        {
            return reading.Refuse(node.Place, $"{path} must be {(scalar.Text[0] == '-' ? _range : $"at most {N.MaxValue}")}, not {scalar.Text}");
        }

        return (N.IsFinite(value) && _allows(value)) || reading.Refuse(node.Place, $"{path} must be {_range}, not {scalar.Text}");
    }

    // Judged as a double, so that a whole number too large for its type is out of range and not "no number". NaN and infinity are words.
    private static bool IsNumber(string text) => text.Length > 0 && !char.IsAsciiLetter(text[^1]) && double.TryParse(text, Styles, CultureInfo.InvariantCulture, out _);

    public override JsonNode Write(N value) => JsonValue.Create(value)!;

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = IsWhole ? "integer" : "number" };
        foreach (var (keyword, value) in _bounds)
        {
            schema[keyword] = JsonValue.Create(value);
        }

        return schema;
    }
}
