using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>The loop over layers: counting, training and evaluation all go through it.</summary>
public static class ForwardPass
{
    /// <summary>[B, S, D]: the input of the head. The caller disposes it.</summary>
    /// <param name="prefix">Filled with the keys and values of this batch, or, filled, put before it.</param>
    public static Tensor Hidden(MoeTransformer model, TokenBatch batch, IRoutingObserver? observer = null, PrefixCache? prefix = null)
    {
        var x_BSD = Embedded(model, batch);
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            using var scope = NewDisposeScope();
            var next = model.Layers.Acquire(layer).Forward(x_BSD, batch, model.Routing, observer, prefix?.Of(layer)).MoveToOuterDisposeScope();
            x_BSD.Dispose();
            x_BSD = next;
            model.Layers.Release(layer);
            model.LayerDone?.Invoke(layer);
        }

        using (x_BSD)
        {
            using var scope = NewDisposeScope();
            return model.Ends.Normalise(x_BSD).MoveToOuterDisposeScope();
        }
    }

    /// <summary>[L + 1, B, S, D]: the input of each of the L layers, and last the output of the last one. Without gradients.</summary>
    public static Tensor LayerInputs(MoeTransformer model, TokenBatch batch, IRoutingObserver? observer)
    {
        using var noGraph = no_grad();
        using var x_BSD = Embedded(model, batch);
        var inputs_LBSD = empty([model.Layers.Count + 1, .. x_BSD.shape], x_BSD.dtype, x_BSD.device);
        inputs_LBSD[0].copy_(x_BSD);
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            using var scope = NewDisposeScope();
            inputs_LBSD[layer + 1].copy_(model.Layers.Acquire(layer).Forward(inputs_LBSD[layer], batch, model.Routing, observer));
            model.Layers.Release(layer);
        }

        return inputs_LBSD;
    }

    /// <summary>[B, S, V] float32, for checks and small batches: it holds every position's logits at once.</summary>
    public static Tensor Logits(MoeTransformer model, TokenBatch batch, IRoutingObserver? observer = null)
    {
        using var scope = NewDisposeScope();
        return model.Ends.Logits(Hidden(model, batch, observer)).MoveToOuterDisposeScope();
    }

    private static Tensor Embedded(MoeTransformer model, TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        return model.Ends.Embed(batch.Ids).MoveToOuterDisposeScope();
    }
}
