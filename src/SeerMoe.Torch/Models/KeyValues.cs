using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>What becomes of keys and values of a pass behind the first.</summary>
public enum CacheUse
{
    /// <summary>They are forgotten: the next pass begins behind the same prefix.</summary>
    Prefix,

    /// <summary>They are kept: the next pass begins behind them.</summary>
    Growing,
}

/// <summary>Keys and values that attention of one layer computed for what stands before the tokens of a pass.</summary>
public sealed class KeyValues(CacheUse use = CacheUse.Prefix) : IDisposable
{
    private Tensor? _keys;
    private Tensor? _values;

    /// <summary>Whether whatever sequences come next all stand behind the same keys.</summary>
    public bool IsShared => use == CacheUse.Prefix && _keys is not null;

    /// <summary>
    /// In the pass over the prefix keeps what it is given and gives it back; in a pass behind it puts the prefix before what it is given.
    /// </summary>
    /// <param name="keys">[B, H, S, d], turned to their positions.</param>
    /// <param name="values">[B, H, S, d_v]</param>
    public (Tensor Keys, Tensor Values) Extend(Tensor keys, Tensor values)
    {
        if (_keys is null || _values is null)
        {
            (_keys, _values) = (keys.contiguous().DetachFromDisposeScope(), values.contiguous().DetachFromDisposeScope());
            return (keys, values);
        }

        var sequences = keys.shape[0];
        var (allKeys, allValues) = (cat([_keys.expand(sequences, -1, -1, -1), keys], 2), cat([_values.expand(sequences, -1, -1, -1), values], 2));
        if (use == CacheUse.Growing)
        {
            Dispose();
            (_keys, _values) = (allKeys.DetachFromDisposeScope(), allValues.DetachFromDisposeScope());
        }

        return (allKeys, allValues);
    }

    public void Dispose()
    {
        _keys?.Dispose();
        _values?.Dispose();
    }
}
