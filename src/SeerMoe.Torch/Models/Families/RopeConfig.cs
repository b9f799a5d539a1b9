using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Rotary keys of config.json: `rope_theta` and `rope_scaling` (transformers 4), or `rope_parameters` (5).</summary>
internal static class RopeConfig
{
    /// <summary>The section with the scaling, or null.</summary>
    public static HfConfig? Section(HfConfig config) => config.Section("rope_parameters") ?? config.Section("rope_scaling");

    /// <summary>`rope_theta`, wherever it stands.</summary>
    public static double Theta(HfConfig config, double fallback)
    {
        var theta = config.Number("rope_theta", fallback);
        return Section(config)?.Number("rope_theta", theta) ?? theta;
    }

    /// <summary>The share of a head that turns, wherever it stands.</summary>
    public static double Share(HfConfig config, double fallback)
    {
        var share = config.Number("partial_rotary_factor", fallback);
        return Section(config)?.Number("partial_rotary_factor", share) ?? share;
    }

    /// <summary>Frequencies of <paramref name="dimensions"/> dimensions, scaled as the config says.</summary>
    /// <param name="theta">Where the config does not say.</param>
    /// <exception cref="InputException">A scaling that is not known.</exception>
    public static IRotaryFrequencies Frequencies(HfConfig config, int dimensions, double theta)
    {
        theta = Theta(config, theta);
        var section = Section(config);
        return Type(section) switch
        {
            "default" => new PlainFrequencies(dimensions, theta),
            "linear" => new PlainFrequencies(dimensions, theta, section!.Number("factor")),
            "yarn" => new YarnFrequencies(dimensions, theta, Yarn(section!, config)),
            var other => throw new InputException($"Rotary scaling '{other}' is not known for this family.", config.Path, "Known: default, linear, yarn."),
        };
    }

    /// <summary>`rope_type`, or `type` before transformers 4.43.</summary>
    public static string Type(HfConfig? section) => section?.Text("rope_type", section.Text("type", "default")) ?? "default";

    private static YarnOptions Yarn(HfConfig section, HfConfig config) => new(
        section.Number("factor"),
        section.Number("original_max_position_embeddings", config.Number("original_max_position_embeddings", config.Number("max_position_embeddings"))),
        section.Number("beta_fast", 32),
        section.Number("beta_slow", 1),
        section.Flag("truncate", fallback: true),
        NumberOrNull("attention_factor", section),
        NumberOrNull("mscale", section),
        NumberOrNull("mscale_all_dim", section));

    private static double? NumberOrNull(string key, HfConfig section) => section.Has(key) ? section.Number(key) : null;
}
