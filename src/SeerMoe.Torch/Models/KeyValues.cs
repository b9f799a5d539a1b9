using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Keys and values that attention of one layer computed for a prefix, for all sequences that begin with it.</summary>
public sealed class KeyValues : IDisposable
{
    private Tensor? _keys;
    private Tensor? _values;

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
        return (cat([_keys.expand(sequences, -1, -1, -1), keys], 2), cat([_values.expand(sequences, -1, -1, -1), values], 2));
    }

    public void Dispose()
    {
        _keys?.Dispose();
        _values?.Dispose();
    }
}
