using System.Runtime.CompilerServices;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Torch.Tests;

internal static class BeforeAllTests
{
    [ModuleInitializer]
    internal static void LoadLibTorch() => LibTorch.Load();
}
