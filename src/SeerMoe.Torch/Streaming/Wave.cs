using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Streaming;

/// <summary>One batch on its way through the layers.</summary>
/// <param name="Batch">Its tokens.</param>
/// <param name="Prefix">Filled with the keys and values of this batch, or, filled, put before it; null for none.</param>
public sealed record Pass(TokenBatch Batch, PrefixCache? Prefix = null);

/// <summary>
/// Batches that go through a model together: layer by layer, and in each layer one after the other.
/// <code>
/// resident model    a wave a batch                    layers 0 1 2 3, layers 0 1 2 3, layers 0 1 2 3
/// streamed model    a wave of all three batches       layer 0 for a b c, layer 1 for a b c, layer 2 ...
/// </code>
/// </summary>
/// <param name="residency">Where hidden states may be.</param>
/// <param name="branches">Masks that its batches go under; null for the model's own.</param>
public sealed class Wave(Residency residency, MaskBranches? branches = null) : IDisposable
{
    private readonly List<Pass> _passes = [];
    private readonly List<PrefixCache> _prefixes = [];

    public IReadOnlyList<Pass> Passes => _passes;

    /// <summary>The layer that all batches are to pass next.</summary>
    public int Layer { get; internal set; }

    /// <summary>Of each pass and each branch of masks (see <see cref="SlotOf"/>): what goes into the next layer.</summary>
    internal ActivationStore Hidden { get; } = new(residency.HiddenBytes);

    internal MaskBranches Branches { get; } = branches ?? new MaskBranches([]);

    /// <summary>Where the hidden states of a branch, named by its first mask, are kept.</summary>
    internal int SlotOf(int pass, int branch) => (pass * Branches.Masks) + branch;

    /// <summary>Takes a batch over; it is disposed with the wave.</summary>
    public void Add(Pass pass) => _passes.Add(pass);

    /// <summary>Takes a cache over that no pass of another wave needs: once all passes are through a layer, what it holds of that layer goes.</summary>
    public void Own(PrefixCache prefix) => _prefixes.Add(prefix);

    public void Dispose()
    {
        Hidden.Dispose();
        _passes.ForEach(pass => pass.Batch.Dispose());
        _prefixes.ForEach(prefix => prefix.Dispose());
    }

    /// <summary>All passes are through a layer.</summary>
    internal void Leave(int layer)
    {
        _prefixes.ForEach(prefix => prefix.Release(layer));
        Layer = layer + 1;
    }
}
