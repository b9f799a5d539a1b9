using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace SeerMoe.Recipes.Yaml;

/// <summary>A number within its range.</summary>
internal sealed class NumberForm<N> : ValueForm<N>
    where N : struct, INumber<N>
{
    private readonly Func<N, bool> _allows;
    private readonly string _range;

    private NumberForm(Func<N, bool> allows, string range) => (_allows, _range) = (allows, range);

    public static NumberForm<N> From(N least) => new(value => value >= least, $"at least {least}");

    public static NumberForm<N> Above(N bound) => new(value => value > bound, $"above {bound}");

    public static NumberForm<N> Between(N least, N most) => new(value => value >= least && value <= most, $"from {least} to {most}");

    /// <summary>The upper bound itself is excluded.</summary>
    public static NumberForm<N> FromBelow(N least, N bound) => new(value => value >= least && value < bound, $"at least {least} and below {bound}");

    private static bool IsWhole => typeof(N) != typeof(double);

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out N value)
    {
        value = default;
        var styles = IsWhole ? NumberStyles.AllowLeadingSign : NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (node is not YamlScalar { Quoted: false } scalar || scalar.Text.Length == 0 || char.IsAsciiLetter(scalar.Text[^1]) || !N.TryParse(scalar.Text, styles, CultureInfo.InvariantCulture, out value))
        {
            return reading.Refuse(node.Place, $"{path} must be a {(IsWhole ? "whole number" : "number")}, not {node.Described}");
        }

        return (N.IsFinite(value) && _allows(value)) || reading.Refuse(node.Place, $"{path} must be {_range}, not {scalar.Text}");
    }

    public override JsonNode Write(N value) => JsonValue.Create(value)!;
}
