using System.Reflection;

namespace SeerMoe.Torch.Runtime;

/// <summary>The versions that decide about the numbers, for the lock of a run; loads nothing native.</summary>
public static class EnvironmentVersions
{
    /// <summary>"0.107.0".</summary>
    public static string TorchSharp { get; } = typeof(global::TorchSharp.torch).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>"2.10.0", with a note where the user chose the libraries and the version is a promise.</summary>
    public static string LibTorch =>
        NativeFolder.IsChosenByVariable ? $"{NativeFolder.Version} ({NativeFolder.Variable})"
        : Backend.ActiveName == Backend.Path ? $"{NativeFolder.Version} (backend use)"
        : NativeFolder.Version;
}
