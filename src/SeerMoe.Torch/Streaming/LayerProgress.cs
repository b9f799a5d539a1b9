using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Streaming;

/// <summary>Tells of layers too where a single pass takes long (large models would be silent for minutes, and deaf to an interruption), and of batches that were halved.</summary>
internal sealed class LayerProgress : IProgress<Progress>
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly IProgress<Progress> _inner;
    private readonly int _layers;
    private Progress _last;
    private long _told = TimeProvider.System.GetTimestamp();

    private LayerProgress(IProgress<Progress> inner, MoeTransformer model)
    {
        (_inner, _layers) = (inner, model.Layers.Count);
        model.LayerDone = Tell;
        model.Limit.Told = notice => _inner.Report(_last with { Notice = notice });
    }

    /// <summary>The same progress, which from now on hears of the model's layers; null for nobody.</summary>
    public static IProgress<Progress>? Of(IProgress<Progress>? inner, MoeTransformer model) => inner is null ? null : new LayerProgress(inner, model);

    public void Report(Progress value)
    {
        (_last, _told) = (value, TimeProvider.System.GetTimestamp());
        _inner.Report(value);
    }

    // Before the first report nobody knows what the work is called.
    private void Tell(int layer)
    {
        if (_last.What is not null && TimeProvider.System.GetElapsedTime(_told) >= Silence)
        {
            _told = TimeProvider.System.GetTimestamp();
            _inner.Report(_last with { Layer = layer + 1, Layers = _layers });
        }
    }
}
