using System.Globalization;

namespace SeerMoe.Architectures;

/// <summary>Where routers and experts stand in the tensor names of a family.</summary>
/// <example>
/// Names are relative to the decoder layer, `model.layers.N.`:
/// <code>
/// experts  mlp.experts.          mlp.experts.7.up_proj.weight       expert 7
/// routers  mlp.gate.             mlp.gate.weight                    rows, dimension 0
///          mlp.moe_statics.  1   mlp.moe_statics.e_score_...        columns, dimension 1
/// fused    mlp.experts.down_proj                                    slices of all experts, dimension 0
/// </code>
/// Anything else that begins as an expert does is of an unknown layout.
/// </example>
public sealed class ExpertNames
{
    private const string Layers = "model.layers.";

    /// <summary>What all names of one expert begin with, up to its number.</summary>
    public required string Experts { get; init; }

    /// <summary>What the names of router tensors begin with (or are), and the dimension of the experts.</summary>
    public required IReadOnlyList<(string Prefix, int Axis)> Routers { get; init; }

    /// <summary>Tensors that hold all experts of a layer, whole names.</summary>
    public IReadOnlyList<string> Fused { get; init; } = [];

    /// <summary>What the tensor of this name is to pruning.</summary>
    public TensorRole RoleOf(string tensorName)
    {
        if (!tensorName.StartsWith(Layers, StringComparison.Ordinal) || !TryNumber(tensorName, Layers.Length, out var layer, out var dot))
        {
            return new TensorRole(TensorKind.Other);
        }

        var name = tensorName.AsSpan(dot + 1);
        foreach (var (prefix, axis) in Routers)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return new TensorRole(TensorKind.Router, layer, Axis: axis);
            }
        }

        foreach (var fused in Fused)
        {
            if (name.SequenceEqual(fused))
            {
                return new TensorRole(TensorKind.FusedExperts, layer);
            }
        }

        if (!name.StartsWith(Experts, StringComparison.Ordinal))
        {
            return new TensorRole(TensorKind.Other, layer);
        }

        return Fused.Count == 0 && TryNumber(tensorName, dot + 1 + Experts.Length, out var expert, out _)
            ? new TensorRole(TensorKind.Expert, layer, expert)
            : new TensorRole(TensorKind.Unknown, layer);
    }

    /// <summary>The name of the same expert tensor under another expert number.</summary>
    public string Renumber(string tensorName, int expert)
    {
        var start = tensorName.IndexOf(Experts, StringComparison.Ordinal) + Experts.Length;
        var end = tensorName.IndexOf('.', start);
        return string.Concat(tensorName.AsSpan(0, start), expert.ToString(CultureInfo.InvariantCulture), tensorName.AsSpan(end));
    }

    /// <summary>Reads `12.` at a position.</summary>
    private static bool TryNumber(string name, int start, out int number, out int dot)
    {
        dot = name.IndexOf('.', start);
        number = 0;
        return dot > start && dot - start <= 9 && int.TryParse(name.AsSpan(start, dot - start), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
