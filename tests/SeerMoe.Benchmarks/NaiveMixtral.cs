using System.Globalization;
using System.Runtime.InteropServices;
using SeerMoe.Torch.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Benchmarks;

/// <summary>The neighbour: Mixtral as one would write it down, an index of tokens for each expert, one piece of logits, and malloc as it is by default.</summary>
internal sealed class NaiveMixtral(MoeTransformer model) : IDisposable
{
    // malloc.h, and what glibc takes before anybody changes it
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int Default = 128 << 10;
    private const int Kept = 1 << 30;
    private const int Never = -1;

    private readonly Dictionary<string, Tensor> _weights = model.Weights.ToDictionary(weight => weight.Key, weight => (Tensor)weight.Value, StringComparer.Ordinal);

    public double Loss(TokenBatch batch)
    {
        Allocate(Default);
        try
        {
            using var inference = inference_mode();
            using var scope = NewDisposeScope();
            var x = W("model.embed_tokens.weight").index_select(0, batch.Ids.flatten()).view(batch.Sequences, batch.Length, -1);
            for (var layer = 0; layer < MidMixtral.Layers; layer++)
            {
                x = Layer(x, layer);
            }

            var logits = linear(Norm(x, "model.norm.weight"), W("lm_head.weight")).to_type(ScalarType.Float32);
            return cross_entropy(logits.narrow(1, 0, batch.Length - 1).flatten(0, 1), batch.Ids.narrow(1, 1, batch.Length - 1).flatten()).item<float>();
        }
        finally
        {
            Allocate(Kept);
        }
    }

    public void Dispose() => _weights.Clear();

    private Tensor Layer(Tensor x, int layer)
    {
        using var scope = NewDisposeScope();
        var name = string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}");
        x = x + Attention(Norm(x, $"{name}.input_layernorm.weight"), $"{name}.self_attn");
        return (x + Experts(Norm(x, $"{name}.post_attention_layernorm.weight"), $"{name}.block_sparse_moe")).MoveToOuterDisposeScope();
    }

    private Tensor Experts(Tensor x_BSD, string name)
    {
        var x = x_BSD.flatten(0, 1);
        var (gates, chosen) = softmax(linear(x, W($"{name}.gate.weight")).to_type(ScalarType.Float32), -1).topk(MidMixtral.TopK, -1);
        gates = (gates / gates.sum(-1, keepdim: true)).to_type(x.dtype);
        var sum = zeros_like(x);
        for (var expert = 0; expert < MidMixtral.Experts; expert++)
        {
            var places = (chosen == expert).nonzero();
            var (token, k) = (places.select(1, 0), places.select(1, 1));
            var input = x.index_select(0, token);
            var inner = silu(linear(input, W($"{name}.experts.{expert}.w1.weight"))) * linear(input, W($"{name}.experts.{expert}.w3.weight"));
            sum.index_add_(0, token, linear(inner, W($"{name}.experts.{expert}.w2.weight")) * gates.index(TensorIndex.Tensor(token), TensorIndex.Tensor(k)).unsqueeze(-1), 1);
        }

        return sum.view(x_BSD.shape);
    }

    private Tensor Attention(Tensor x, string name)
    {
        const int headDim = MidMixtral.Hidden / MidMixtral.Heads;
        const int group = MidMixtral.Heads / MidMixtral.KeyValueHeads;
        var (q, k, v) = (Heads("q_proj"), Heads("k_proj"), Heads("v_proj"));
        var positions = outer(arange(x.shape[1], ScalarType.Float32), pow(10000, -(arange(0, headDim, 2, ScalarType.Float32) / headDim)));
        var angles = cat([positions, positions], -1);
        var (cos, sin) = (angles.cos().to_type(x.dtype), angles.sin().to_type(x.dtype));
        var (keys, values) = (Turn(k).repeat_interleave(group, 1), v.repeat_interleave(group, 1));
        var scores = Turn(q).matmul(keys.transpose(-2, -1)) / Math.Sqrt(headDim);
        scores = scores.masked_fill(ones(x.shape[1], x.shape[1], ScalarType.Bool).triu(1), float.NegativeInfinity);
        return linear(softmax(scores, -1).matmul(values).transpose(1, 2).flatten(2), W($"{name}.o_proj.weight"));

        Tensor Heads(string projection) => linear(x, W($"{name}.{projection}.weight")).unflatten(2, -1, headDim).transpose(1, 2);

        Tensor Turn(Tensor y)
        {
            var halves = y.chunk(2, -1);
            return (y * cos) + (cat([-halves[1], halves[0]], -1) * sin);
        }
    }

    private Tensor Norm(Tensor x, string name)
    {
        var wide = x.to_type(ScalarType.Float32);
        return W(name) * (wide * (wide.pow(2).mean([-1], keepdim: true) + 1e-5).rsqrt()).to_type(x.dtype);
    }

    private Tensor W(string name) => _weights[name];

    private static void Allocate(int threshold)
    {
        if (OperatingSystem.IsLinux())
        {
            mallopt(MmapThreshold, threshold);
            mallopt(TrimThreshold, threshold == Kept ? Never : Default);
            mallopt(TopPad, threshold == Kept ? 64 << 20 : Default);
        }
    }

    [DllImport("libc.so.6")]
    private static extern int mallopt(int option, int value);
}
