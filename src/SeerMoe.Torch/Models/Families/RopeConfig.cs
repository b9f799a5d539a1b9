using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Rotary keys of config.json: `rope_theta` and `rope_scaling` (transformers 4), or `rope_parameters` (5).</summary>
internal static class RopeConfig
{
    /// <summary>Theta of a family that scales nothing; any scaling is refused rather than ignored.</summary>
    public static double PlainTheta(HfConfig config, double fallback)
    {
        var section = config.Section("rope_parameters") ?? config.Section("rope_scaling");
        var type = section?.Text("rope_type", section.Text("type", "default"));
        if (type is not (null or "default"))
        {
            throw new InputException($"Rotary scaling '{type}' is not known for this family.", config.Path, "Only plain rotary embeddings (rope_type default) are.");
        }

        return section is not null && section.Has("rope_theta") ? section.Number("rope_theta") : config.Number("rope_theta", fallback);
    }
}
