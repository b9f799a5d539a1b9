namespace SeerMoe.Torch.Training;

/// <summary>Stops a training before a bad step is made: a loss or gradient that is not finite, or a loss far above the last 20.</summary>
/// <param name="spike">Nats above their mean that are too many; 0 lets every finite loss pass.</param>
internal sealed class LossWatch(double spike)
{
    private const int Remembered = 20;

    // So that a training that begins badly is not stopped by its second batch.
    private const int Enough = 5;

    private readonly Queue<double> _losses = [];

    /// <summary>A step that was made.</summary>
    public void Remember(double loss)
    {
        _losses.Enqueue(loss);
        if (_losses.Count > Remembered)
        {
            _losses.Dequeue();
        }
    }

    /// <exception cref="DivergedException">The step must not be made.</exception>
    public void Refuse(TrainingStep step)
    {
        if (!double.IsFinite(step.Loss))
        {
            throw new DivergedException("The training diverged: the loss is not finite.", step.Step, ParameterState.Bad);
        }

        if (spike > 0 && _losses.Count >= Enough && step.Loss > _losses.Average() + spike)
        {
            throw new DivergedException($"The training diverged: the loss leapt to {step.Loss:F3}, from a mean of {_losses.Average():F3}.", step.Step, ParameterState.Bad);
        }

        if (!double.IsFinite(step.GradientNorm))
        {
            throw new DivergedException("The training diverged: the gradient is not finite.", step.Step, ParameterState.Good);
        }

        Remember(step.Loss);
    }
}
