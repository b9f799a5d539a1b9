using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>Scores keys by queries and mixes values.</summary>
public interface IAttentionMix
{
    /// <summary>
    /// q [B, H, S, d], k [B, H_kv, P + S, d] and v [B, H_kv, P + S, d_v] to [B, H, S, d_v]; P tokens stand before the batch, and H / H_kv heads of queries one
    /// behind the other share keys and values. Scores are q k d^-0.5.
    /// </summary>
    Tensor Mix(Tensor q, Tensor k, Tensor v, TokenBatch batch);

    /// <summary>Keys or values once for each head of queries that reads them: [B, H_kv, S, d] to [B, H, S, d].</summary>
    protected static Tensor OfEachHead(Tensor shared, Tensor q) => shared.shape[1] == q.shape[1] ? shared : shared.repeat_interleave(q.shape[1] / shared.shape[1], 1);
}

/// <summary>Softmax over the keys that a query sees.</summary>
/// <param name="slidingWindow">Tokens a query sees, itself included; null for all.</param>
public sealed class SoftmaxMix(int? slidingWindow = null) : IAttentionMix
{
    public Tensor Mix(Tensor q, Tensor k, Tensor v, TokenBatch batch)
    {
        var mask = batch.AttentionMask(slidingWindow);
        if (mask is null && CausalBlocks.Serve(q))
        {
            return CausalAttention.Mix(q, k, v);
        }

        return scaled_dot_product_attention(q, IAttentionMix.OfEachHead(k, q), IAttentionMix.OfEachHead(v, q), attn_mask: mask, is_casual: mask is null);
    }
}

/// <summary>Softmax over the keys and one learned score a head that takes weight and gives nothing: an attention sink (gpt-oss).</summary>
/// <param name="sinks">[H]</param>
/// <param name="slidingWindow">Tokens a query sees, itself included; null for all.</param>
public sealed class SinkMix(Tensor sinks, int? slidingWindow) : IAttentionMix
{
    public Tensor Mix(Tensor q, Tensor k, Tensor v, TokenBatch batch)
    {
        (k, v) = (IAttentionMix.OfEachHead(k, q), IAttentionMix.OfEachHead(v, q));
        var (b, h, s, keys) = (q.shape[0], q.shape[1], q.shape[2], k.shape[2]);
        var visible = batch.AttentionMask(slidingWindow) ?? ones(s, s, ScalarType.Bool, q.device).tril();
        // bmm, not matmul, around which TorchSharp catches nothing: running out of memory would end the process.
        var products_BHSS = q.flatten(0, 1).bmm(k.flatten(0, 1).transpose(-2, -1)).view(b, h, s, keys);
        var scores_BHSS = (products_BHSS * (1 / Math.Sqrt(q.shape[3]))).masked_fill(visible.logical_not(), float.NegativeInfinity);
        var withSink = cat([scores_BHSS, sinks.view(1, h, 1, 1).expand(b, h, s, 1)], -1).to_type(ScalarType.Float32);
        var weights = softmax(withSink, -1).narrow(-1, 0, keys).to_type(v.dtype);
        return weights.flatten(0, 1).bmm(v.flatten(0, 1)).view(b, h, s, -1);
    }
}
