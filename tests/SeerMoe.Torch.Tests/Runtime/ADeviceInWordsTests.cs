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

    [Theory]
    [InlineData("cuda", 0, "There is no CUDA device that libtorch can use.")]
    [InlineData("cuda:0", 0, "There is no CUDA device that libtorch can use.")]
    [InlineData("cuda:7", 2, "There is no CUDA device 7: libtorch sees 2.")]
    [InlineData("cuda:1", 1, "There is no CUDA device 1: libtorch sees 1.")]
    public void Is_refused_by_what_is_there(string text, int devices, string what)
    {
        var error = Assert.Throws<InputException>(() => ComputeDevice.Parse(text).Resolve(() => devices));

        Assert.Equal((what, $"--device {text}"), (error.What, error.Where));
        Assert.Contains(devices == 0 ? "dotnet seer backend install cuda-12.8" : devices == 1 ? "Use cuda:0." : "cuda:0 to cuda:1, or cuda for all", error.WhatToDo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto", 2, "cuda")]
    [InlineData("auto", 0, "cpu")]
    [InlineData("cuda", 2, "cuda")]
    [InlineData("cuda:1", 2, "cuda:1")]
    public void Means_what_is_there(string text, int devices, string name) => Assert.Equal(name, ComputeDevice.Parse(text).Resolve(() => devices).Name);

    [Fact]
    public void Has_memory_to_tell_of_only_where_it_is_cuda() => Assert.Null(ComputeDevice.Cpu.Memory());

    [Fact]
    public void Is_an_error_when_it_is_not_there()
    {
        var error = Assert.Throws<InputException>(() => ComputeDevice.Parse("cuda:999").ToTorch());
        Assert.Equal("--device cuda:999", error.Where);
    }
}
