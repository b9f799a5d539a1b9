using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Inspection;

/// <summary>What a checkpoint is, read from its config and its headers alone.</summary>
/// <param name="Family">`model_type`.</param>
/// <param name="Layers">Decoder layers, dense ones included.</param>
/// <param name="MoeLayers">Those with experts.</param>
/// <param name="Experts">Experts of each of them.</param>
/// <param name="TopK">Experts a token is sent to.</param>
/// <param name="DTypes">Element types of the weights, the most frequent first.</param>
/// <param name="Parameters">All weights.</param>
/// <param name="ActiveParameters">Weights that one token meets.</param>
/// <param name="Bytes">Bytes of all tensors.</param>
public sealed record CheckpointSheet(
    string Family,
    int Layers,
    ImmutableArray<int> MoeLayers,
    ImmutableArray<int> Experts,
    int TopK,
    [property: JsonPropertyName("dtypes")] ImmutableArray<string> DTypes,
    long Parameters,
    long ActiveParameters,
    long Bytes)
{
    [JsonPropertyOrder(-1)]
    public string Schema => "seer/checkpoint@1";

    public static CheckpointSheet Of(Checkpoint checkpoint)
    {
        var architecture = ArchitectureCatalog.For(checkpoint.Config);
        var shape = architecture.Shape(checkpoint.Config);
        var footprint = Footprint.Of(checkpoint);
        var types = checkpoint.TensorNames
            .Select(name => checkpoint.Tensor(name).Spec)
            .GroupBy(tensor => tensor.DType)
            .OrderByDescending(group => group.Sum(tensor => tensor.ElementCount)).ThenBy(group => group.Key)
            .Select(group => group.Key.Code());
        return new CheckpointSheet(
            architecture.ModelType, shape.Layers, shape.MoeLayers, shape.Experts, shape.TopK, [.. types], footprint.Parameters, footprint.ActiveParameters, footprint.Bytes);
    }

    public static void Print(Terminal terminal, CheckpointSheet sheet) => terminal.Print(
    [
        ("family", sheet.Family),
        ("layers", sheet.Layers == sheet.MoeLayers.Length ? $"{sheet.Layers}" : $"{sheet.Layers}, with experts {string.Join(' ', sheet.MoeLayers)}"),
        ("experts", sheet.Experts.Distinct().Count() == 1 ? $"{sheet.Experts[0]} a layer" : $"{string.Join(' ', sheet.Experts)} by layer (stock runtimes can't load this)"),
        ("top-K", $"{sheet.TopK}"),
        ("dtype", string.Join(", ", sheet.DTypes)),
        ("parameters", $"{sheet.Parameters:N0}"),
        ("active parameters", $"{sheet.ActiveParameters:N0}"),
        ("bytes", $"{sheet.Bytes:N0}"),
    ]);
}
