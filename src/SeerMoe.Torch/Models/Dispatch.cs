using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Tokens sorted by expert, so that each expert runs once on a contiguous segment.
/// <code>
/// Chosen (T=3, K=2)   {1,0} {2,1} {1,2}      slot = t * K + k:  0  1  2  3  4  5
/// expert of the slot                                            1  0  2  1  1  2
/// Slots (sorted by expert, then slot)                           1 | 0  3  4 | 2  5
/// Counts                                                        1 |    3    |  2
/// </code>
/// </summary>
/// <param name="Slots">[T K] int64: slots in expert order.</param>
/// <param name="Counts">Slots of each expert, length E.</param>
public sealed record Dispatch(Tensor Slots, long[] Counts)
{
    public static Dispatch Of(Tensor chosen_TK, int experts)
    {
        var flat = chosen_TK.flatten();
        var slots = flat.sort(0, descending: false, stable: true).Indices;
        var counts = flat.cpu().bincount(null, experts).data<long>().ToArray();
        return new Dispatch(slots, counts);
    }
}
