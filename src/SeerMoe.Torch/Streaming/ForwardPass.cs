using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>The only loop over layers: counting, training and evaluation all go through it.</summary>
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
        }

        using (x_BSD)
        {
            using var scope = NewDisposeScope();
            return model.Ends.Normalise(x_BSD).MoveToOuterDisposeScope();
        }
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
