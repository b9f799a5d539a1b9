using SeerMoe.Torch.Kernels;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Plain causal attention, block of queries by block. libtorch's kernel for the CPU takes 512 keys at a time, seen by the query or not;
/// a block is given only the keys that its last query sees. Where <see cref="CausalAttentionKernel"/> can't be, which is faster.
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
    /// <summary>Queries of a block.</summary>
    public const int Block = 64;

    /// <summary>Whether it is faster for such queries: there is a second block.</summary>
    public static bool Serve(Tensor q_BHSd) => q_BHSd.shape[2] > Block && TensorMemory.Holds(q_BHSd);

    /// <summary>q [B, H, S, d], k [B, H_kv, S, d] and v [B, H_kv, S, d_v] to [B, H, S, d_v].</summary>
    public static Tensor Mix(Tensor q, Tensor k, Tensor v)
    {
        var (sequences, length, shared) = (q.shape[0], q.shape[2], k.shape[1]);
        var group = q.shape[1] / shared;
        var mixed = empty([sequences, length, shared, group, v.shape[3]], q.dtype, q.device);
        (q, k, v) = (q.reshape(-1, group, length, q.shape[3]), OfGroup(k), OfGroup(v));

        // Of the last block; its last columns are that of any other.
        var mask = full([Block, length], float.NegativeInfinity, q.dtype, q.device).triu(length - Block + 1);
        for (long start = 0, size = First(length); start < length; start += size, size = Block)
        {
            var end = start + size;
            var hidden = mask.narrow(0, Block - size, size).narrow(1, length - end, end);
            var block = scaled_dot_product_attention(q.narrow(2, start, size), k.narrow(2, 0, end), v.narrow(2, 0, end), attn_mask: hidden);
            mixed.narrow(1, start, size).copy_(block.view(sequences, shared, group, size, -1).permute(0, 3, 1, 2, 4));
        }

        return mixed.flatten(2, 3).transpose(1, 2);

        // Heads of keys become sequences, and the heads of queries that share one its heads: so nothing is repeated.
        Tensor OfGroup(Tensor x) => x.reshape(-1, 1, length, x.shape[3]).expand(-1, group, -1, -1);
    }

    /// <summary>The first block is the one that may be smaller.</summary>
    private static long First(long length) => length % Block == 0 ? Block : length % Block;
}
