using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Plain causal attention, block of queries by block. libtorch's kernel for the CPU takes 512 keys at a time, seen by the query or not;
/// a block is given only the keys that its last query sees.
/// <code>
///            keys              [4, 8 heads, 512, 64], two cores          whole   blocks of 64
/// queries    t . . .           float32                                   9.1     7.1 ms
///            x t . .           bfloat16                                  6.9     5.4 ms
///            x x t .
///            x x x t           t: a triangle of the block's size, the same for all
/// </code>
/// </summary>
internal static class CausalBlocks
{
    private const int Block = 64;

    /// <summary>Whether it is faster for such queries: there is a second block, and no gradient to gather from overlapping keys.</summary>
    public static bool Serve(Tensor q_BHSd) => q_BHSd.shape[2] > Block && q_BHSd.device_type == DeviceType.CPU && !is_grad_enabled();

    /// <summary>q and k [B, H, S, d], v [B, H, S, d_v] to [B, H, S, d_v].</summary>
    public static Tensor Mix(Tensor q, Tensor k, Tensor v)
    {
        var length = q.shape[2];

        // Of the last block; its last columns are that of any other.
        var mask = full([Block, length], float.NegativeInfinity, q.dtype, q.device).triu(length - Block + 1);
        var mixed = new List<Tensor>();
        for (long start = 0, size = First(length); start < length; start += size, size = Block)
        {
            var end = start + size;
            var hidden = mask.narrow(0, Block - size, size).narrow(1, length - end, end);
            mixed.Add(scaled_dot_product_attention(q.narrow(2, start, size), k.narrow(2, 0, end), v.narrow(2, 0, end), attn_mask: hidden).transpose(1, 2));
        }

        return cat(mixed, 1).transpose(1, 2);
    }

    /// <summary>The first block is the one that may be smaller.</summary>
    private static long First(long length) => length % Block == 0 ? Block : length % Block;
}
