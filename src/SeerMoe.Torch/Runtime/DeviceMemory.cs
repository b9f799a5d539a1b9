using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>A device that computes.</summary>
/// <param name="Device">Which.</param>
/// <param name="FreeBytes">What nobody has taken of its memory.</param>
internal readonly record struct DeviceMemory(Device Device, long FreeBytes);
