using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Runtime;

public sealed class LoadingLibTorchTests
{
    [Fact]
    public void Makes_tensors_work()
    {
        using var sum = ones(2).sum();
        Assert.Equal(2f, sum.item<float>());
    }

    [Fact]
    public void May_be_asked_for_again_from_many_threads()
    {
        Parallel.For(0, 16, _ => LibTorch.Load());
        Assert.NotEqual(0, LibTorch.Shim);
    }
}
