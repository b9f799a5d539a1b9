using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>The families this tool knows: one line each.</summary>
public static class ArchitectureCatalog
{
    public static IReadOnlyList<IMoeArchitecture> All { get; } =
    [
        new MixtralArchitecture(),
        new Qwen2MoeArchitecture(),
        new Qwen3MoeArchitecture(),
        new OlmoeArchitecture(),
        new DeepSeekV2Architecture(),
        new DeepSeekV3Architecture(),
        new Glm4MoeArchitecture(),
        new PhimoeArchitecture(),
        new GptOssArchitecture(),
        new GraniteMoeArchitecture(),
        new MiniMaxM2Architecture(),
        new Ernie45MoeArchitecture(),
    ];

    /// <exception cref="InputException">The family is unknown, or not a Mixture of Experts.</exception>
    public static IMoeArchitecture For(HfConfig config)
    {
        var modelType = config.ModelType;
        return All.FirstOrDefault(architecture => architecture.ModelType == modelType)
            ?? throw new InputException(
                $"'{modelType}' is not a Mixture-of-Experts family known here.",
                config.Path,
                $"{DidYouMean.Hint(modelType, All.Select(a => a.ModelType))}Known families: {string.Join(", ", All.Select(a => a.ModelType))}.");
    }
}
