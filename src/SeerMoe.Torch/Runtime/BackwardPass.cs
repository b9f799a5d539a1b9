using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Gradients that we compute ourselves, in the middle of libtorch's backward pass, which calls them. An exception can't leave them: the process would end or wait for
/// ever. So it waits here until the pass is over; running out of memory is one that training answers with smaller passes.
/// Nor does libtorch free what a function of ours has kept before the whole graph goes, so it is freed here: such a graph is gone through once.
/// </summary>
internal static class BackwardPass
{
    // On the CPU, which is where our own gradients are computed, a pass stays in the thread that began it.
    [ThreadStatic]
    private static ExceptionDispatchInfo? _fault;

    /// <summary>What the last gradient gave: libtorch has taken it over by the time that it calls the next.</summary>
    [ThreadStatic]
    private static List<Tensor>? _given;

    /// <summary>Runs it.</summary>
    /// <exception cref="Exception">What the first gradient of ours that failed threw; whatever stands in the gradients then is of no use.</exception>
    public static void Run(Action backward)
    {
        _fault = null;
        try
        {
            backward();
        }
        catch when (_fault is not null)
        {
            // It follows from the first.
        }
        finally
        {
            FreeGiven();
        }

        var fault = _fault;
        _fault = null;
        fault?.Throw();
    }

    /// <summary>Keeps what the gradient needs. Where libtorch has none for the result, none is made of zeros: there may be no memory for them.</summary>
    public static void Keep(autograd.AutogradContext ctx, params List<Tensor> tensors)
    {
        ctx.set_materialize_grads(false);
        ctx.save_for_backward(tensors);
    }

    /// <summary>What a gradient gives to libtorch: its own, or none where it failed or there is none of the result.</summary>
    /// <param name="ctx">Of the function; whatever it has kept is freed.</param>
    /// <param name="result">The gradient of the result.</param>
    /// <param name="arguments">Of the function, tensors or not.</param>
    /// <param name="compute">From the gradient of the result and the kept tensors to a gradient for each argument, null for those that are no tensors.</param>
    public static List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor? result, int arguments, Func<Tensor, List<Tensor>, List<Tensor>> compute)
    {
        FreeGiven();
        if (_fault is null && result is { IsInvalid: false })
        {
            try
            {
                using var noGraph = no_grad();
                using var scope = NewDisposeScope();
                _given = compute(result, ctx.get_saved_variables());
                _given.ForEach(gradient => gradient?.DetachFromDisposeScope());
                result.Dispose();
                ctx.Dispose();
                return _given;
            }
            catch (Exception error)
            {
                _fault = ExceptionDispatchInfo.Capture(error);
            }
        }

        return [.. Enumerable.Repeat<Tensor>(null!, arguments)];
    }

    private static void FreeGiven()
    {
        _given?.ForEach(gradient => gradient?.Dispose());
        _given = null;
    }
}
