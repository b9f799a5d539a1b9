using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>
/// A batch in parts of some sequences each, computed side by side on the CPU. The parts depend on the batch and the number of threads alone, so the bits do too.
/// </summary>
internal static class SequenceParts
{
    /// <summary>Below it, a thread would spend its time on taking weights to its core.</summary>
    private const long FewestTokens = 512;

    /// <summary>How much of the threads' time may be lost to parts that are smaller than others.</summary>
    private const double LeastUse = 0.8;

    /// <summary>[B, S, D] to what <paramref name="work"/> makes of it, of the same shape.</summary>
    /// <param name="x_BSD">The batch.</param>
    /// <param name="batch">Its tokens.</param>
    /// <param name="work">Gets some of the sequences, and what the observer finds there.</param>
    /// <param name="observer">Adds what it found when all parts are through, in their order; null for nobody.</param>
    public static Tensor Run(Tensor x_BSD, TokenBatch batch, Func<Tensor, TokenBatch, Observations?, Tensor> work, IRoutingObserver? observer = null)
    {
        var threads = get_num_threads();
        var parts = x_BSD.device_type == DeviceType.CPU && !is_grad_enabled() && Worker.Serve ? PartsOf(batch.Sequences, batch.Length, threads) : 1;
        Observations[] found = observer is null ? [] : [.. Enumerable.Range(0, parts).Select(_ => new Observations(observer))];
        var y_BSD = parts == 1 ? work(x_BSD, batch, found.FirstOrDefault()) : SideBySide(parts, threads / parts, x_BSD, batch, work, found);
        Array.ForEach(found, part => part.Add());
        return y_BSD;
    }

    private static Tensor SideBySide(
        int parts, int threads, Tensor x_BSD, TokenBatch batch, Func<Tensor, TokenBatch, Observations?, Tensor> work, Observations[] found)
    {
        var y_BSD = empty_like(x_BSD);
        Worker.Each(parts, threads, i =>
        {
            var (start, end) = (batch.Sequences * i / parts, batch.Sequences * (i + 1) / parts);
            using var part = batch.Part(start, end - start);
            y_BSD.narrow(0, start, end - start).copy_(work(x_BSD.narrow(0, start, end - start), part, found.ElementAtOrDefault(i)));
        });
        return y_BSD;
    }

    /// <summary>The most parts that all threads share in equally: of two threads and five sequences two, of two threads and three sequences one.</summary>
    internal static int PartsOf(long sequences, long length, int threads)
    {
        var parts = (int)Math.Min(threads, sequences * length / FewestTokens);
        while (parts > 1 && (threads % parts != 0 || sequences < LeastUse * parts * ((sequences + parts - 1) / parts)))
        {
            parts--;
        }

        return Math.Max(parts, 1);
    }
}
