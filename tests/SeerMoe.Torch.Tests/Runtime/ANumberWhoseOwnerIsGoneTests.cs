using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SeerMoe.Torch.Runtime;
using TorchSharp;

namespace SeerMoe.Torch.Tests.Runtime;

public sealed class ANumberWhoseOwnerIsGoneTests
{
    public ANumberWhoseOwnerIsGoneTests() => LibTorch.Load();

    [Fact]
    public void Is_still_there_for_a_call_under_way()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "Elsewhere TorchSharp's numbers end with their owners.");
        nint[] blocks = [.. Enumerable.Range(0, 1000).Select(number => BlockOf(number))];
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(Enumerable.Range(0, 1000).Select(number => (1, (long)number)), blocks.Select(block => (Marshal.ReadInt32(block), Marshal.ReadInt64(block, 16))));
        Assert.True(LateDelete.IsOn);
    }

    [Fact]
    public void Does_not_stay_for_ever()
    {
        var before = Resident();
        for (var i = 0; i < 4_000_000; i++)
        {
            using Scalar number = i;
        }

        Assert.InRange(Resident() - before, long.MinValue, 64 << 20); // 4 million blocks are 190 MB
    }

    /// <summary>Where libtorch finds a number (its kind, 1 for integers, and 16 bytes on its value), whose owner nobody holds any more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint BlockOf(int number)
    {
        Scalar owner = number;
        return (nint)typeof(Scalar).GetProperty("Handle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(owner)!;
    }

    private static long Resident() => Environment.WorkingSet;
}
