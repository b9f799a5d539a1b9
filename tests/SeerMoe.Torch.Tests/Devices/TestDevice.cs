using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Devices;

/// <summary>What the tests that need a GPU run on: SEER_TEST_DEVICE names it, as --device does. cpu shows that the tests themselves work.</summary>
internal static class TestDevice
{
    private static readonly string? Name = Environment.GetEnvironmentVariable("SEER_TEST_DEVICE");

    private static readonly Lazy<Device> Opened = new(() => Float32.Device.ToTorch());

    public static bool IsNamed => Name is { Length: > 0 };

    public static Compute Float32 => Oracle.Float32 with { Device = ComputeDevice.Parse(Name!) };

    public static Device Torch => Opened.Value;

    public static bool IsCuda => Torch.type == TorchSharp.DeviceType.CUDA;
}
