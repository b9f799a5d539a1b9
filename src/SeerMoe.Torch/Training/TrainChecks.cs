using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Training;

/// <summary>Refuses a training that can't run before anything is loaded.</summary>
public static class TrainChecks
{
    /// <exception cref="InputException">Top-K out of range, or a precision that training does not have yet.</exception>
    public static void Refuse(TrainOptions options, MoeShape shape, Compute compute)
    {
        if (options.Steps < 1 || options.Batch < 1 || options.Accumulate < 1 || options.Window < 2)
        {
            throw new InputException("Steps, batch and accumulate must be at least 1, the window at least 2.", "regularize", "Give larger numbers.");
        }

        // Gradients of float16 vanish below 6e-8 unless the loss is scaled up, which is not done here.
        if (compute.Type.ToTorch(compute.Device) == TorchSharp.torch.ScalarType.Float16)
        {
            throw new InputException("Training runs in float32 or bfloat16, not in float16.", "--dtype", "Leave --dtype out, or say bfloat16.");
        }

        if (options.Lora is { } lora && (options.Tune != Tune.Lora || lora.Rank < 1 || lora.Dropout is < 0 or >= 1 || !LoraTargets.All.HasFlag(lora.Targets) || lora.Targets == default))
        {
            throw new InputException("The options of LoRA need tune lora, a rank of 1 or more, a dropout from 0 to below 1, and a target.", "regularize", "Say tune lora, or leave them out.");
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

    /// <exception cref="InputException">Options that go by held-out data without any, or distillation without a teacher of the same vocabulary.</exception>
    public static void RefuseExtras(TrainOptions options, TrainExtras? extras, Checkpoint checkpoint)
    {
        if (extras?.HeldOut is null && (options.Accept == Accept.IfBetter || options.CheckEvery > 0 || options.Patience > 0))
        {
            throw new InputException("Nothing was held out to judge the training by.", "held-out data", "Give held-out data, or leave accept, check every and patience out.");
        }

        if ((options.Objective == Objective.Distill) != (extras?.Teacher is not null))
        {
            throw new InputException("Distillation has a teacher, and nothing else has.", "teacher", "Give the objective distill and a teacher together.");
        }

        if (extras?.Teacher is { } teacher && teacher.Config.Positive("vocab_size") != checkpoint.Config.Positive("vocab_size"))
        {
            throw new InputException("Teacher and model have vocabularies of different sizes.", teacher.Folder, "Take the unpruned model of the same checkpoint.");
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
