using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Runtime;

public sealed class ADeviceInWordsTests
{
    [Theory]
    [InlineData("cpu", 0)]
    [InlineData("auto", 0)]
    [InlineData("cuda", 0)]
    [InlineData("cuda:0", 0)]
    [InlineData("cuda:3", 3)]
    public void Keeps_its_name_and_number(string text, int index)
    {
        var device = ComputeDevice.Parse(text);
        Assert.Equal((text, index), (device.Name, device.Index));
    }

    [Theory]
    [InlineData("")]
    [InlineData("CPU")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    [InlineData("cuda:x")]
    [InlineData("cudax")]
    public void Is_refused_when_it_is_none(string text) =>
        Assert.Equal("--device", Assert.Throws<InputException>(() => ComputeDevice.Parse(text)).Where);

    [Fact]
    public void Is_the_cpu_for_torch_too() =>
        Assert.Equal(TorchSharp.DeviceType.CPU, ComputeDevice.Cpu.ToTorch().type);

    [Fact]
    public void Is_found_by_auto() =>
        Assert.Equal(cuda.is_available() ? "cuda" : "cpu", ComputeDevice.Auto.Class);

    [Fact]
    public void Is_an_error_when_it_is_not_there()
    {
        var error = Assert.Throws<InputException>(() => ComputeDevice.Parse("cuda:999").ToTorch());
        Assert.Equal("--device cuda:999", error.Where);
    }
}
