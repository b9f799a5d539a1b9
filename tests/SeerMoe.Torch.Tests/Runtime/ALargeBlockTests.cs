using System.Globalization;
using System.Runtime.InteropServices;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Runtime;

/// <summary>Runs alone: threads share arenas, and a test beside it would take the blocks that this one has freed.</summary>
[Collection(nameof(ALargeBlockTests))]
[CollectionDefinition(nameof(ALargeBlockTests), DisableParallelization = true)]
public class ALargeBlockTests
{
    public ALargeBlockTests() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && NativeLibrary.TryLoad("libc.so.6", out _), "Elsewhere libtorch's blocks come as they come.");

    [Fact]
    public void Begins_where_vectors_do()
    {
        Assert.True(LargeBlocks.IsOn);
        foreach (var bytes in (long[])[1, 4096, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, (1 << 20) + 60, (3 << 20) + 4, 40 << 20])
        {
            using var block = zeros(bytes, ScalarType.Byte);
            block[bytes - 1] = 7;

            Assert.Equal(0, TensorBytes.AddressOf(block) % 64);
            Assert.Equal(7, block.sum().item<long>());
        }
    }

    /// <summary>Twelve blocks of four sizes live at once, up to 96 MiB. Touched after the first 500: 6 pages, and 4,000 to 6,000 the way glibc has it.</summary>
    [Fact]
    public void Is_used_again_for_one_of_its_size()
    {
        var random = new Random(1);
        var living = new Tensor?[12];
        long before = 0;
        for (var i = 0; i < 3000; i++)
        {
            if (i == 500)
            {
                before = Faults();
            }

            ref var place = ref living[random.Next(living.Length)];
            place?.Dispose();
            place = ones((256 << 10) << random.Next(4)).DetachFromDisposeScope();
        }

        Array.ForEach(living, block => block?.Dispose());
        Assert.InRange(Faults() - before, 0, 1000);
    }

    /// <summary>Pages that this thread touched for the first time.</summary>
    private static long Faults() => long.Parse(File.ReadAllText("/proc/thread-self/stat").Split(") ")[1].Split(' ')[7], CultureInfo.InvariantCulture);
}
