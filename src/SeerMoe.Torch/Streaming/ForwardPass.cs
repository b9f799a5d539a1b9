using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>The loop over layers: counting, training and evaluation all go through it.</summary>
public static class ForwardPass
{
    /// <summary>Takes all batches of a wave through all layers that they have not passed; a layer's weights are asked for once.</summary>
    /// <param name="passed">Told of each batch that is through a layer, or through all of them where it stops at none (see <see cref="UnbrokenPass"/>).</param>
    /// <param name="left">Told of each layer but the last that all batches are through, when the wave could be saved: of none where it stops at none.</param>
    public static void Run(MoeTransformer model, Wave wave, IRoutingObserver? observer = null, Action? passed = null, Action? left = null)
    {
        model.Ends.ReleaseHead();
        Embed(model, wave);
        if (UnbrokenPass.Serves(model, wave))
        {
            UnbrokenPass.Run(model, wave, observer);
            passed?.Invoke();
        }

        while (wave.Layer < model.Layers.Count)
        {
            RunLayer(model, wave, observer, passed);
            if (wave.Layer < model.Layers.Count)
            {
                left?.Invoke();
            }
        }
    }

    /// <summary>Gives each batch of a wave that went through all layers, in their order, as the input of the head.</summary>
    /// <param name="use">Gets the number of the pass and [B, S, D], which lives until it returns.</param>
    public static void Finish(MoeTransformer model, Wave wave, Action<int, Tensor> use) => Finish(model, wave, (pass, _, x_BSD) => use(pass, x_BSD));

    /// <summary>The same of several masks.</summary>
    /// <param name="use">Gets the masks too, all that have these hidden states.</param>
    public static void Finish(MoeTransformer model, Wave wave, Action<int, int[], Tensor> use)
    {
        for (var pass = 0; pass < wave.Passes.Count; pass++)
        {
            foreach (var branch in wave.Branches.Before(model.Layers.Count))
            {
                using var scope = NewDisposeScope();
                using var x_BSD = wave.Hidden.Take(wave.SlotOf(pass, branch[0]));
                use(pass, branch, model.Ends.Normalise(x_BSD));
            }
        }
    }

    /// <summary>[B, S, D]: the input of the head. The caller disposes it.</summary>
    /// <param name="prefix">Filled with the keys and values of this batch, or, filled, put before it.</param>
    public static Tensor Hidden(MoeTransformer model, TokenBatch batch, IRoutingObserver? observer = null, PrefixCache? prefix = null)
    {
        // The batch stays the caller's, so only the wave's hidden states are disposed.
        var wave = new Wave(Residency.Resident);
        using var hidden = wave.Hidden;
        wave.Add(new Pass(batch, prefix));
        Run(model, wave, observer);
        using var x_BSD = hidden.Take(0);
        using var scope = NewDisposeScope();
        return model.Ends.Normalise(x_BSD).MoveToOuterDisposeScope();
    }

    /// <summary>[L + 1, B, S, D]: the input of each of the L layers, and last the output of the last one. Without gradients.</summary>
    public static Tensor LayerInputs(MoeTransformer model, TokenBatch batch, IRoutingObserver? observer)
    {
        using var noGraph = no_grad();
        using var x_BSD = model.Ends.Embed(batch.Ids);
        var inputs_LBSD = empty([model.Layers.Count + 1, .. x_BSD.shape], x_BSD.dtype, x_BSD.device);
        inputs_LBSD[0].copy_(x_BSD);
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            using var scope = NewDisposeScope();
            inputs_LBSD[layer + 1].copy_(model.Layers.Acquire(layer).Forward(inputs_LBSD[layer], batch, model.RuleOf(layer), observer));
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

    private static void Embed(MoeTransformer model, Wave wave)
    {
        for (var pass = 0; wave.Layer == 0 && pass < wave.Passes.Count; pass++)
        {
            using var scope = NewDisposeScope();
            wave.Hidden.Put(wave.SlotOf(pass, 0), model.Ends.Embed(wave.Passes[pass].Batch.Ids).DetachFromDisposeScope());
        }

        model.Ends.ReleaseEmbedding();
    }

    private static void RunLayer(MoeTransformer model, Wave wave, IRoutingObserver? observer, Action? passed)
    {
        using var layerScope = NewDisposeScope();
        var layer = model.Layers.Acquire(wave.Layer);
        for (var pass = 0; pass < wave.Passes.Count; pass++)
        {
            foreach (var branch in wave.Branches.Before(wave.Layer))
            {
                RunBranch(model, layer, wave, pass, branch, observer);
            }

            passed?.Invoke();
        }

        model.Layers.Release(wave.Layer);
        model.LayerDone?.Invoke(wave.Layer);
        wave.Leave(wave.Layer);
    }

    private static void RunBranch(MoeTransformer model, DecoderLayer layer, Wave wave, int pass, int[] branch, IRoutingObserver? observer)
    {
        using var scope = NewDisposeScope();
        var device = model.Devices[wave.Layer];
        var (given, prefix) = wave.Passes[pass];
        using var moved = given.Moved(device);
        var batch = moved ?? given;
        using var taken = wave.Hidden.Take(wave.SlotOf(pass, branch[0]));
        var keys = prefix?.Of(wave.Layer, branch[0]);

        var collects = keys is { IsShared: false };
        var parts = wave.Branches.Parts(branch, wave.Layer).ToList();
        if (parts.Count == 1 && !collects)
        {
            var rule = RuleOf(parts[0]);
            Put(parts[0], InParts(model, taken.On(device), batch, (x_PSD, part, found) => layer.Forward(x_PSD, part, rule, found, keys), observer));
            return;
        }

        // Keys that are being collected are those of the whole batch.
        var attended_BSD = collects
            ? layer.Attend(taken.On(device), batch, keys)
            : InParts(model, taken.On(device), batch, (x_PSD, part, _) => layer.Attend(x_PSD, part, keys));
        foreach (var masks in parts)
        {
            using var partScope = NewDisposeScope();
            var rule = RuleOf(masks);
            Put(masks, InParts(model, attended_BSD, batch, (x_PSD, part, found) => layer.FeedForward(x_PSD, part, rule, found), observer, keepsInput: parts.Count > 1));
        }

        RoutingRule RuleOf(int[] masks) => model.RuleOf(wave.Layer, wave.Branches.Mask(masks[0]));

        void Put(int[] masks, Tensor next_BSD) => wave.Hidden.Put(wave.SlotOf(pass, masks[0]), next_BSD.DetachFromDisposeScope());
    }

    /// <summary>As much of a batch at once as memory takes, and that in parts side by side. A graph would keep the halves alive together, so with one there are none.</summary>
    private static Tensor InParts(
        MoeTransformer model,
        Tensor x_BSD,
        TokenBatch batch,
        Func<Tensor, TokenBatch, Observations?, Tensor> work,
        IRoutingObserver? observer = null,
        bool keepsInput = false) => is_grad_enabled()
        ? SequenceParts.Run(x_BSD, batch, work, observer)
        : model.Limit.Run(x_BSD, batch, (x_PSD, part) => SequenceParts.Run(x_PSD, part, work, observer), keepsInput);
}
