using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// An exception can't leave a gradient that we compute ourselves: libtorch calls it, and the process would end or wait for ever. So it waits here until the pass is over;
/// running out of memory is one that training answers with smaller passes.
/// </summary>
internal static class BackwardPass
{
    // On the CPU, which is where our own gradients are computed, a pass stays in the thread that began it.
    [ThreadStatic]
    private static ExceptionDispatchInfo? _fault;

    /// <summary>Runs it.</summary>
    /// <exception cref="Exception">What the first gradient that failed threw; whatever stands in the gradients then is of no use.</exception>
    public static void Run(Action backward)
    {
        _fault = null;
        backward();
        var fault = _fault;
        _fault = null;
        fault?.Throw();
    }

    /// <summary>What a gradient gives to libtorch: its own, or, where it failed, none.</summary>
    /// <param name="arguments">Of the function, tensors or not.</param>
    /// <param name="gradients">One for each.</param>
    public static List<Tensor> Gradients(int arguments, Func<List<Tensor>> gradients)
    {
        try
        {
            return gradients();
        }
        catch (Exception error)
        {
            _fault ??= ExceptionDispatchInfo.Capture(error);
            return [.. Enumerable.Repeat<Tensor>(null!, arguments)];
        }
    }
}
