using SeerMoe.Checkpoints;
using SeerMoe.Torch.Calibration;

namespace SeerMoe.Torch.Training;

/// <summary>What only some trainings read.</summary>
/// <param name="HeldOut">Data to judge by, which nothing is trained on; null for none.</param>
/// <param name="Teacher">For <see cref="Objective.Distill"/>: the unpruned model.</param>
public sealed record TrainExtras(TextSource? HeldOut = null, Checkpoint? Teacher = null);
