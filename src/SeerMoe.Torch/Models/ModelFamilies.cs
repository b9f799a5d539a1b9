using SeerMoe.Checkpoints;
using SeerMoe.Torch.Models.Families;

namespace SeerMoe.Torch.Models;

/// <summary>The families that can be computed: one line each.</summary>
public static class ModelFamilies
{
    private static readonly IReadOnlyDictionary<string, Func<HfConfig, IModelFamily>> All = new Dictionary<string, Func<HfConfig, IModelFamily>>(StringComparer.Ordinal)
    {
        ["mixtral"] = config => new Mixtral(config),
    };

    /// <exception cref="InputException">The family is unknown.</exception>
    public static IModelFamily For(HfConfig config) => All.TryGetValue(config.ModelType, out var family)
        ? family(config)
        : throw new InputException($"The forward pass of '{config.ModelType}' is not known here.", config.Path, $"Known families: {string.Join(", ", All.Keys)}.");
}
