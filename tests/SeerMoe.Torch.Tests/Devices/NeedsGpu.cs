using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace SeerMoe.Torch.Tests.Devices;

/// <summary>A test that is there only where SEER_TEST_DEVICE names a device: elsewhere it is not skipped, it does not exist. Explicit tests would count as skipped.</summary>
[XunitTestCaseDiscoverer(typeof(GpuFactDiscoverer))]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GpuFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1) : FactAttribute(sourceFilePath, sourceLineNumber);

/// <summary>The same with data.</summary>
[XunitTestCaseDiscoverer(typeof(GpuTheoryDiscoverer))]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GpuTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1) : TheoryAttribute(sourceFilePath, sourceLineNumber);

internal sealed class GpuFactDiscoverer : FactDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
        TestDevice.IsNamed ? base.Discover(discoveryOptions, testMethod, factAttribute) : new([]);
}

internal sealed class GpuTheoryDiscoverer : TheoryDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
        TestDevice.IsNamed ? base.Discover(discoveryOptions, testMethod, factAttribute) : new([]);
}
