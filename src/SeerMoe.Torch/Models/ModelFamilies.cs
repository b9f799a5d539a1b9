using System.Reflection;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Torch.Models.Families;

namespace SeerMoe.Torch.Models;

/// <summary>
/// The family that computes an architecture: the class in Families/ of the same name, so that the catalog of architectures is the only
/// list (`Qwen3MoeArchitecture` names the tensors, `Families.Qwen3Moe` computes with them).
/// </summary>
public static class ModelFamilies
{
    private const string Suffix = "Architecture";

    /// <exception cref="InputException">The family is unknown, or its config says what it can't compute.</exception>
    public static IModelFamily For(HfConfig config) =>
        (IModelFamily)TypeOf(ArchitectureCatalog.For(config)).GetConstructor([typeof(HfConfig)])!.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, [config], culture: null);

    private static Type TypeOf(IMoeArchitecture architecture) =>
        typeof(ModelFamilies).Assembly.GetType($"{typeof(RopeConfig).Namespace}.{architecture.GetType().Name[..^Suffix.Length]}", throwOnError: true)!;
}
