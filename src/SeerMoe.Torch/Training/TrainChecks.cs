using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Training;

/// <summary>Refuses a training that can't run before anything is loaded.</summary>
public static class TrainChecks
{
    /// <exception cref="InputException">Top-K out of range, or a precision that training does not have yet.</exception>
    public static void Refuse(TrainOptions options, MoeShape shape, Compute compute)
    {
        if (options.Steps < 1 || options.Batch < 1 || options.Window < 2)
        {
            throw new InputException("Steps and batch must be at least 1, the window at least 2.", "regularize", "Give larger numbers.");
        }

        if (compute.Type.ToTorch(compute.Device) != TorchSharp.torch.ScalarType.Float32)
        {
            throw new InputException("Training runs in float32 only.", "--dtype", "Leave --dtype out, or say float32.");
        }

        if (options.TopK is not { } schedule)
        {
            return;
        }

        var most = shape.MostTopK(shape.Experts.Min());
        if (schedule.From < schedule.To || schedule.To < 1 || schedule.From > most)
        {
            throw new InputException(
                $"Top-K can't go from {schedule.From} to {schedule.To}.",
                "--top-k",
                $"From must be at least To, To at least 1, From at most {most}, the experts of the smallest layer that a token can be sent to.");
        }
    }

    /// <exception cref="InputException">Weights that are stored in 4 or 8 bits would have to be trained.</exception>
    public static void RefuseQuantised(Tune tune, Checkpoint checkpoint)
    {
        if (tune != Tune.Routers && Quantization.Of(checkpoint.Config) != Quantized.No)
        {
            throw new InputException("The weights are quantised, and only routers of such a checkpoint can be tuned.", checkpoint.Folder, "Say --tune routers, or take the model's unquantised checkpoint.");
        }
    }
}
