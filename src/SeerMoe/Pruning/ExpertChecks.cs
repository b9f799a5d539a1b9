using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Pruning;

/// <summary>Whether the experts and routers of a checkpoint are those that its config calls for.</summary>
public static class ExpertChecks
{
    private const string BlockScale = "_scale_inv";

    /// <summary>
    /// One for one, in shape and name: a config that says pruned over weights that are not would be cut wrongly. The block scales
    /// of 8-bit weights go with their expert.
    /// </summary>
    /// <exception cref="InputException">A tensor is absent, of another shape, not called for, or of an unknown layout.</exception>
    public static void RefuseOtherWeights(Checkpoint source, IMoeArchitecture architecture)
    {
        var shape = architecture.Shape(source.Config);
        RefuseUnknownLayout(source, architecture);
        var expected = architecture.Tensors(source.Config).Where(tensor => architecture.RoleOf(tensor.Name).Kind != TensorKind.Other).ToList();
        foreach (var tensor in expected)
        {
            var found = source.Tensor(tensor.Name).Spec.Shape;
            if (!found.SequenceEqual(tensor.Shape))
            {
                throw Mismatch($"'{tensor.Name}' has the shape [{string.Join(", ", found)}], config.json asks for [{string.Join(", ", tensor.Shape)}].", source);
            }
        }

        var known = expected.Select(tensor => tensor.Name).ToHashSet();
        foreach (var name in source.TensorNames)
        {
            var role = architecture.RoleOf(name);
            if (role.Kind != TensorKind.Other && !known.Contains(name) && !IsScaleOf(name, role, known) && !shape.IsNextTokenLayer(role.Layer))
            {
                throw Mismatch($"'{name}' is there, but config.json calls for no such tensor of an expert or router.", source);
            }
        }
    }

    /// <summary>Experts in tensors that the family does not have.</summary>
    /// <exception cref="InputException">There is such a tensor; the message names it.</exception>
    public static void RefuseUnknownLayout(Checkpoint source, IMoeArchitecture architecture)
    {
        if (source.TensorNames.FirstOrDefault(name => architecture.RoleOf(name).Kind == TensorKind.Unknown) is { } unknown)
        {
            throw UnknownLayout.Of(unknown, source.Folder);
        }
    }

    /// <summary>A layer that predicts further tokens has as many experts as the others, and no calibration pass sees them.</summary>
    /// <exception cref="InputException">There is such a layer.</exception>
    public static void RefuseUncountedLayers(Checkpoint source, IMoeArchitecture architecture, MoeShape shape)
    {
        if (source.TensorNames.FirstOrDefault(name => shape.IsNextTokenLayer(architecture.RoleOf(name).Layer)) is { } extra)
        {
            throw new InputException(
                $"'{extra}' belongs to a layer for further tokens (MTP), whose experts nobody counts: it can't be cut.",
                source.Folder,
                "Take the checkpoint without it (remove its tensors, set num_nextn_predict_layers to 0): the model is complete without that layer.");
        }
    }

    private static bool IsScaleOf(string name, TensorRole role, HashSet<string> known) =>
        role.Kind == TensorKind.Expert && name.EndsWith(BlockScale, StringComparison.Ordinal) && known.Contains(name[..^BlockScale.Length]);

    private static InputException Mismatch(string what, Checkpoint source) =>
        new(what, source.Folder, "config.json and weights do not belong together: download both again.");
}
