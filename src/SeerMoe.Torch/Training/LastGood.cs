using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>A copy of the parameters, at most ten steps old, whose loss was as before: what a training that diverged falls back on.</summary>
internal sealed class LastGood(TrainableSet trained) : IDisposable
{
    private const int Every = 10;

    private List<Tensor>? _values;

    /// <summary>Steps that had been made; null where there is no copy yet.</summary>
    public int? Steps { get; private set; }

    /// <param name="step">Counted from 0; its loss is known and its update is not made.</param>
    public void Keep(int step)
    {
        if (step % Every != 0 && Steps is not null)
        {
            return;
        }

        Dispose();
        using var noGraph = no_grad();
        _values = [.. trained.Parameters.Select(parameter => parameter.Value.detach().to(CPU, copy: true).DetachFromDisposeScope())];
        Steps = step;
    }

    /// <summary>Puts the copy back.</summary>
    public void Restore()
    {
        using var noGraph = no_grad();
        foreach (var (parameter, value) in trained.Parameters.Zip(_values!))
        {
            parameter.Value.copy_(value);
        }

        trained.Publish();
    }

    public void Dispose() => _values?.ForEach(value => value.Dispose());
}
