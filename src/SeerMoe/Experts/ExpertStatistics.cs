using System.Collections.Immutable;

namespace SeerMoe.Experts;

/// <summary>What one calibration pass learned about every expert of a checkpoint.</summary>
/// <param name="Architecture">`model_type` of the checkpoint.</param>
/// <param name="Checkpoint">Fingerprint of the checkpoint that was counted (see CheckpointDigest), so that statistics are never applied to another.</param>
/// <param name="Tokens">Tokens counted, padding excluded.</param>
/// <param name="Sequences">Sequences they stood in.</param>
/// <param name="TopK">Experts a token was sent to.</param>
/// <param name="Layers">One entry a MoE layer, ascending; dense layers are absent.</param>
public sealed record ExpertStatistics(
    string Architecture,
    string Checkpoint,
    long Tokens,
    long Sequences,
    int TopK,
    ImmutableArray<LayerStatistics> Layers);
