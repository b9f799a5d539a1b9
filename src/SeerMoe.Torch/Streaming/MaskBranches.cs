using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Streaming;

/// <summary>
/// Masks under which the same batches go through a model. Those that drop the same experts in all layers so far have the same hidden
/// states, which are computed once; attention comes before the router, so it is common in the layer where they part, too.
/// <code>
/// experts that drop out      layer 0   layer 1   layer 2          branches before layer 0   1        2        behind it
/// mask 0                     -         3         3                              {0 1 2}     {0 1 2}  {0 1} {2}  {0} {1} {2}
/// mask 1                     -         3         1 3
/// mask 2                     -         2 3       1 3              attention: 1 + 1 + 2 of 9 passes, experts: 1 + 2 + 3
/// </code>
/// </summary>
public sealed class MaskBranches
{
    private readonly IReadOnlyList<ExpertMask> _masks;
    private readonly List<int[][]> _before;

    /// <param name="masks">In the order by which they are numbered; none is one, the model's own.</param>
    public MaskBranches(IReadOnlyList<ExpertMask> masks)
    {
        _masks = masks;
        _before = [[[.. Enumerable.Range(0, Masks)]]];
    }

    public int Masks => Math.Max(1, _masks.Count);

    /// <summary>Masks that agree in all layers before this one, ascending; the first names the branch, and keeps it when others part from it.</summary>
    public IReadOnlyList<int[]> Before(int layer)
    {
        while (_before.Count <= layer)
        {
            _before.Add([.. _before[^1].SelectMany(branch => Parts(branch, _before.Count - 1))]);
        }

        return _before[layer];
    }

    /// <summary>What becomes of a branch in a layer.</summary>
    public IEnumerable<int[]> Parts(int[] branch, int layer) =>
        branch.GroupBy(mask => Mask(mask)?.Dropped(layer), new SameExperts()).Select(part => part.ToArray());

    /// <summary>Null for the model's own.</summary>
    public ExpertMask? Mask(int number) => _masks.Count == 0 ? null : _masks[number];

    private sealed class SameExperts : IEqualityComparer<bool[]?>
    {
        public bool Equals(bool[]? a, bool[]? b) => a is null || b is null ? a == b : a.AsSpan().SequenceEqual(b);

        public int GetHashCode(bool[] dropped) => dropped.Count(isDropped => isDropped);
    }
}
