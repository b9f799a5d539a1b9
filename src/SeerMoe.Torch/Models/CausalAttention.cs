using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Causal attention with a gradient: libtorch's takes all keys for each query, these only those that a block of queries sees. It keeps q, k and v alone and computes the
/// softmax p a second time.
/// <code>
/// for the queries i of a block and the keys j up to its last, with g the gradient of the mixed values
/// p = softmax(q k' scale)      dv_j += p' g      ds = softmax's gradient of (g v')      dq_i = ds k      dk_j += ds' q
///
/// [4, 8 heads on 4 of keys, 512, 64], two cores, forward and backward     libtorch     by blocks     by tiles
///   float32                                                                48           33            28 ms
///   bfloat16                                                               38           28            17 ms
/// </code>
/// </summary>
internal sealed class CausalAttention : autograd.SingleTensorFunction<CausalAttention>
{
    /// <summary>Scores at a time: 4 MiB.</summary>
    private const long Scores = 1 << 20;

    public override string Name => nameof(CausalAttention);

    /// <summary>q [B, H, S, d], k [B, H_kv, S, d] and v [B, H_kv, S, d_v] to [B, H, S, d_v], with a gradient where somebody learns.</summary>
    public static Tensor Mix(Tensor q, Tensor k, Tensor v) => Serve(q, k, v) ? apply(q, k, v) : Plain(q, k, v);

    /// <summary>Whether there is a gradient to compute so.</summary>
    public static bool Serve(Tensor q, Tensor k, Tensor v) => is_grad_enabled() && (q.requires_grad || k.requires_grad || v.requires_grad);

    /// <param name="vars">q [B, H, S, d], k [B, H_kv, S, d] and v [B, H_kv, S, d_v].</param>
    /// <returns>[B, H, S, d_v]</returns>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (q, k, v) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        BackwardPass.Keep(ctx, q, k, v);
        return Plain(q, k, v);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        BackwardPass.Gradients(ctx, grad_output, 3, (g, kept) => Gradients(kept[0], kept[1], kept[2], g));

    private static Tensor Plain(Tensor q, Tensor k, Tensor v) => CausalAttentionKernel.Serve(q, k, v) ? CausalAttentionKernel.Of(q, k, v) : CausalBlocks.Mix(q, k, v);

    private static List<Tensor> Gradients(Tensor q, Tensor k, Tensor v, Tensor g) => CausalGradientKernel.Serve(q, k, v) ? CausalGradientKernel.Of(q, k, v, g) : InBlocks(q, k, v, g);

    /// <summary>Where there are no tiles: block of queries by block, in float32 whatever the type.</summary>
    internal static List<Tensor> InBlocks(Tensor q, Tensor k, Tensor v, Tensor g)
    {
        var (length, group) = (q.shape[2], q.shape[1] / k.shape[1]);

        // X heads of keys, each with its G heads of queries.
        var (q_XGSd, g_XGSd) = (Wide(q).reshape(-1, group, length, q.shape[3]), Wide(g).reshape(-1, group, length, v.shape[3]));
        var (k_XSd, v_XSd) = (Wide(k).reshape(-1, length, k.shape[3]), Wide(v).reshape(-1, length, v.shape[3]));
        var (dq_XGSd, dk_XSd, dv_XSd) = (empty_like(q_XGSd), zeros_like(k_XSd), zeros_like(v_XSd));
        var heads = k_XSd.shape[0];
        var step = Math.Clamp(Scores / (group * CausalBlocks.Block * length), 1, heads);
        for (long head = 0; head < heads; head += step)
        {
            var count = Math.Min(step, heads - head);
            Tensor Some(Tensor x) => x.narrow(0, head, count);
            Gradients(Some(q_XGSd), Some(k_XSd), Some(v_XSd), Some(g_XGSd), Some(dq_XGSd), Some(dk_XSd), Some(dv_XSd));
        }

        return [Result(dq_XGSd, q), Result(dk_XSd, k), Result(dv_XSd, v)];

        static Tensor Wide(Tensor x) => x.to_type(ScalarType.Float32);

        static Tensor Result(Tensor gradient, Tensor of) => gradient.view(of.shape).to_type(of.dtype);
    }

    private static void Gradients(Tensor q, Tensor k, Tensor v, Tensor g, Tensor dq, Tensor dk, Tensor dv)
    {
        var (heads, group, length) = (q.shape[0], q.shape[1], q.shape[2]);
        var scale = 1 / MathF.Sqrt(q.shape[3]);
        for (long start = 0; start < length; start += CausalBlocks.Block)
        {
            using var scope = NewDisposeScope();
            var size = Math.Min(CausalBlocks.Block, length - start);
            Tensor Seen(Tensor x) => x.narrow(1, 0, start + size);
            Tensor Queries(Tensor x) => x.narrow(2, start, size).reshape(heads, group * size, -1);
            var (q_XRd, g_XRd) = (Queries(q), Queries(g));

            var p_XRS = q_XRd.bmm(Seen(k).transpose(1, 2));
            CausalSoftmaxKernel.Apply(p_XRS, size, start, scale);
            Seen(dv).add_(p_XRS.transpose(1, 2).bmm(g_XRd));
            var ds_XRS = g_XRd.bmm(Seen(v).transpose(1, 2));
            CausalSoftmaxKernel.ApplyGradient(p_XRS, ds_XRS, scale);
            dq.narrow(2, start, size).copy_(ds_XRS.bmm(Seen(k)).view(heads, group, size, -1));
            Seen(dk).add_(ds_XRS.transpose(1, 2).bmm(q_XRd));
        }
    }
}
