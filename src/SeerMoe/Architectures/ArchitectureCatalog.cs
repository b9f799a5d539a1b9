using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>The families this tool knows: one line each.</summary>
public static class ArchitectureCatalog
{
    private static readonly IMoeArchitecture[] All =
    [
        new MixtralArchitecture(),
    ];

    /// <exception cref="InputException">The family is unknown, or not a Mixture of Experts.</exception>
    public static IMoeArchitecture For(HfConfig config)
    {
        var modelType = config.ModelType;
        return Array.Find(All, architecture => architecture.ModelType == modelType)
            ?? throw new InputException(
                $"'{modelType}' is not a Mixture-of-Experts family known here.",
                config.Path,
                $"Known families: {string.Join(", ", All.Select(a => a.ModelType))}.");
    }
}
