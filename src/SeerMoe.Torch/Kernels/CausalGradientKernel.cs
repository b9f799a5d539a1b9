using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>The gradients of causal attention.</summary>
internal static class CausalGradientKernel
{
    /// <summary>Whether there are tiles for these, and a head of keys for each thread: the bits of a head don't depend on threads, but which way is taken does.</summary>
    public static bool Serve(Tensor q, Tensor k, Tensor v) =>
        CausalAttentionKernel.Serve(q, k, v) && k.shape[0] * k.shape[1] >= Worker.Threads
        && (v.dtype == ScalarType.Float32 || v.shape[3] == BFloat16Tile.WholeDepth((nint)v.shape[3]));

    /// <summary>Of q [B, H, S, d], k [B, H_kv, S, d] and v [B, H_kv, S, d_v]; the heads of the last stand side by side in memory.</summary>
    /// <param name="g">The gradient of what is mixed, [B, H, S, d_v].</param>
    public static List<Tensor> Of(Tensor q, Tensor k, Tensor v, Tensor g)
    {
        var (dq, dk) = (empty(q.shape, q.dtype), empty(k.shape, k.dtype));
        var dv = empty([v.shape[0], v.shape[2], v.shape[1], v.shape[3]], v.dtype).transpose(1, 2);
        using var heads = g.stride(3) == 1 ? g.alias() : g.contiguous();
        if (q.dtype == ScalarType.Float32)
        {
            CausalGradientTiles<float, Float32Format, Float32Tile>.Run(q, k, v, heads, dq, dk, dv);
        }
        else
        {
            CausalGradientTiles<ushort, BFloat16Format, BFloat16Tile>.Run(q, k, v, heads, dq, dk, dv);
        }

        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
        return [dq, dk, dv];
    }
}
