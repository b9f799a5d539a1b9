using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Runtime;

/// <summary>Runs alone: it is demanded of the whole process.</summary>
[Collection(nameof(WhatIsDemandedOfCuda))]
[CollectionDefinition(nameof(WhatIsDemandedOfCuda), DisableParallelization = true)]
public sealed class WhatIsDemandedOfCuda
{
    [Fact]
    public void Float32_and_one_order_of_sums_from_the_first_device_on()
    {
        Assert.False(CudaDeterminism.IsDemanded);
        try
        {
            CudaDeterminism.Demand();

            Assert.Equal(OperatingSystem.IsLinux(), CudaDeterminism.IsDemanded);
            Assert.False(backends.cuda.matmul.allow_tf32);
            Assert.False(backends.cudnn.allow_tf32);
        }
        finally
        {
            CudaDeterminism.Order(0);
        }

        Assert.False(CudaDeterminism.IsDemanded);
    }
}
