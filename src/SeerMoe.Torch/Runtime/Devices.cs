using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>Moves tensors between devices, where there is more than one.</summary>
internal static class Devices
{
    public static bool IsSame(this Device one, Device other) => one.type == other.type && Math.Max(0, one.index) == Math.Max(0, other.index);

    /// <summary>The tensor itself where it is there already.</summary>
    public static Tensor On(this Tensor x, Device device) => x.device.IsSame(device) ? x : x.to(device);
}
