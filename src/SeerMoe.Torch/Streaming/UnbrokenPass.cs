using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>
/// A batch through all layers of a resident model, where nothing is asked of it between two of them: its parts (see <see cref="SequenceParts"/>) wait for each
/// other once, at the end, not twice a layer.
/// <code>
/// layer by layer     part 0   0 0 0   1 1     2 2 2 2
///                    part 1   0 0     1 1 1   2 2         a tenth of the time of two cores was spent waiting
/// unbroken           part 0   0 0 0 1 1 2 2 2 2
///                    part 1   0 0 1 1 1 2 2
/// </code>
/// Each part computes what it does layer by layer, so the bits are the same.
/// </summary>
internal static class UnbrokenPass
{
    /// <summary>Whether a wave may go so: a single batch under a single mask, on the CPU, without a graph and without keys that are being collected.</summary>
    public static bool Serves(MoeTransformer model, Wave wave) =>
        !model.IsStreamed && !is_grad_enabled() && wave is { Layer: 0, Passes.Count: 1, Branches.Masks: 1 }
        && model.Devices.All(device => device.type == TorchSharp.DeviceType.CPU)
        && Enumerable.Range(0, model.Layers.Count).All(layer => wave.Passes[0].Prefix?.Of(layer, 0) is not { IsShared: false });

    /// <summary>Takes the batch behind the last layer.</summary>
    public static void Run(MoeTransformer model, Wave wave, IRoutingObserver? observer)
    {
        using var scope = NewDisposeScope();
        var (batch, prefix) = wave.Passes[0];
        var slot = wave.SlotOf(0, 0);
        using var taken_BSD = wave.Hidden.Take(slot);
        var last_BSD = model.Limit.Run(taken_BSD, batch, (x_BSD, attempt) => Attempt(model, wave, x_BSD, attempt, prefix, observer));
        wave.Hidden.Put(slot, last_BSD.DetachFromDisposeScope());
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            wave.Leave(layer);
        }
    }

    private static Tensor Attempt(MoeTransformer model, Wave wave, Tensor x_BSD, TokenBatch batch, PrefixCache? prefix, IRoutingObserver? observer)
    {
        var through = new long[model.Layers.Count];
        var isOver = false;
        return SequenceParts.Run(x_BSD, batch, Layers, observer);

        Tensor Layer(int layer, Tensor x_PSD, TokenBatch part, Observations? found)
        {
            using var scope = NewDisposeScope();
            var rule = model.RuleOf(layer, wave.Branches.Mask(0));
            var y_PSD = model.Layers.Acquire(layer).Forward(x_PSD, part, rule, found, prefix?.Of(layer, 0));
            model.Layers.Release(layer);
            return y_PSD.MoveToOuterDisposeScope();
        }

        Tensor Layers(Tensor x_PSD, TokenBatch part, Observations? found)
        {
            try
            {
                for (var layer = 0; layer < model.Layers.Count && !Volatile.Read(ref isOver); layer++)
                {
                    using var before_PSD = layer == 0 ? null : x_PSD;
                    x_PSD = Layer(layer, x_PSD, part, found);

                    // The last part that comes through a layer tells of it; whoever is told may throw.
                    if (Interlocked.Add(ref through[layer], part.Sequences) == batch.Sequences)
                    {
                        model.LayerDone?.Invoke(layer);
                    }
                }

                return x_PSD;
            }
            catch
            {
                Volatile.Write(ref isOver, true);
                throw;
            }
        }
    }
}
