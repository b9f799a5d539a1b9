using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Evaluation;

/// <summary>The likeliest token, again and again; keys and values of what stands before are kept, so that a step is a pass of one token.</summary>
public static class GreedyDecoding
{
    /// <param name="prompts">All of one length.</param>
    /// <param name="count">New tokens of each at most.</param>
    /// <param name="end">The token that ends a text, and is no part of its continuation; null for none.</param>
    public static IReadOnlyList<int[]> Continue(MoeTransformer model, IReadOnlyList<int[]> prompts, int count, int? end = null)
    {
        using var inference = inference_mode();
        using var cache = new PrefixCache(model.Layers.Count, CacheUse.Growing);
        var length = prompts[0].Length;
        var continuations = prompts.Select(_ => new List<int>()).ToArray();
        var ended = new bool[prompts.Count];
        var next = prompts.Select(prompt => new TokenSequence(prompt)).ToArray();
        for (var step = 0; step < count && !Array.TrueForAll(ended, has => has); step++)
        {
            var likeliest = Likeliest(model, next, step == 0 ? 0 : length + step - 1, length + count, cache);
            for (var b = 0; b < likeliest.Length; b++)
            {
                ended[b] |= likeliest[b] == end;
                if (!ended[b])
                {
                    continuations[b].Add(likeliest[b]);
                }

                next[b] = new TokenSequence([likeliest[b]]);
            }
        }

        return [.. continuations.Select(continuation => continuation.ToArray())];
    }

    private static int[] Likeliest(MoeTransformer model, TokenSequence[] next, int start, int wholeLength, PrefixCache cache)
    {
        using var scope = NewDisposeScope();
        using var batch = TokenBatch.Of(next, model.Device, start, wholeLength);
        var last_BD = ForwardPass.Hidden(model, batch, observer: null, cache).select(1, batch.Length - 1);
        return Array.ConvertAll(model.Ends.Logits(last_BD).argmax(-1).cpu().data<long>().ToArray(), id => (int)id);
    }
}
