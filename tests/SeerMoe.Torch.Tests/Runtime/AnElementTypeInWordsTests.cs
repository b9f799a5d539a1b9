using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Runtime;

public sealed class AnElementTypeInWordsTests
{
    [Theory]
    [InlineData("float32", ScalarType.Float32)]
    [InlineData("bfloat16", ScalarType.BFloat16)]
    [InlineData("auto", ScalarType.Float32)]
    public void Means_this_on_the_cpu(string text, ScalarType type) =>
        Assert.Equal(type, ComputeType.Parse(text).ToTorch(ComputeDevice.Cpu));

    [Fact]
    public void Is_refused_when_the_cpu_has_no_fast_path_for_it()
    {
        var error = Assert.Throws<InputException>(() => ComputeType.Float16.Resolve(ComputeDevice.Cpu));
        Assert.Equal("--dtype float16", error.Where);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fp32")]
    [InlineData("Float32")]
    public void Is_refused_when_it_is_none(string text) =>
        Assert.Equal("--dtype", Assert.Throws<InputException>(() => ComputeType.Parse(text)).Where);
}
