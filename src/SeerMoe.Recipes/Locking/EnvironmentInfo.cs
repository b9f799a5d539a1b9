using System.Reflection;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Locking;

/// <summary>What of the surroundings decides about the numbers: versions, the class of the device, the precision.</summary>
/// <param name="Tool">Version of this tool, which is the version of its engine.</param>
/// <param name="Dotnet">Version of the runtime.</param>
/// <param name="Torchsharp">Version of TorchSharp.</param>
/// <param name="Libtorch">Version of libtorch.</param>
/// <param name="Device">`cpu` or `cuda`.</param>
/// <param name="Dtype">The element type that is computed in.</param>
public sealed record EnvironmentInfo(string Tool, string Dotnet, string Torchsharp, string Libtorch, string Device, string Dtype)
{
    /// <summary>This process. Loads nothing native unless a CUDA device is asked for.</summary>
    /// <exception cref="InputException">The device is not there, or does not compute in that type.</exception>
    public static EnvironmentInfo Of(Compute compute) => new(
        typeof(EnvironmentInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        Environment.Version.ToString(),
        EnvironmentVersions.TorchSharp,
        EnvironmentVersions.LibTorch,
        compute.Device.Class,
        compute.Type.Resolve(compute.Device).Name);
}
