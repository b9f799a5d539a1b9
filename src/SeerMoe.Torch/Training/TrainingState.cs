using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using SeerMoe.Safetensors;
using SeerMoe.Torch.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>How far a training is.</summary>
/// <param name="Steps">Steps done: they also say where in the data it is, whose order follows from seed and step.</param>
/// <param name="LogBytes">Length of the log after them.</param>
public readonly record struct TrainingPosition(int Steps, long LogBytes);

/// <summary>
/// All that a training needs to go on as if it had never stopped, in float32, which is what parameters and moments are computed in.
/// There is no random state: the order of the data and dropout follow from seed and step.
/// <code>
/// parameter.NAME, exp_avg.NAME, exp_avg_sq.NAME      AdamW's x, m and v
/// steps                                              AdamW's t of each parameter: 0 where no token has reached it yet
/// </code>
/// </summary>
internal static class TrainingState
{
    private const string Steps = "steps";
    private const string LogBytes = "log_bytes";

    public static void Save(string path, IReadOnlyList<KeyValuePair<string, Parameter>> trained, FusedAdamW optimizer, TrainingPosition position)
    {
        var tensors = Tensors(trained, optimizer);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Steps] = position.Steps.ToString(CultureInfo.InvariantCulture),
            [LogBytes] = position.LogBytes.ToString(CultureInfo.InvariantCulture),
        };
        TensorSpec[] specs = [.. tensors.Select(tensor => new TensorSpec(tensor.Name, DType.Float32, [.. tensor.Value.shape]))];
        long[] taken = [.. optimizer.States.Select(state => state.Taken)];
        using var writer = SafetensorsWriter.Create(path, [.. specs, new TensorSpec(Steps, DType.Int64, [taken.Length])], metadata);
        foreach (var (_, value) in tensors)
        {
            TensorBytes.Write(value, DType.Float32, writer);
        }

        writer.Write(MemoryMarshal.AsBytes<long>(taken));
        writer.Complete();
    }

    public static TrainingPosition Restore(string path, IReadOnlyList<KeyValuePair<string, Parameter>> trained, FusedAdamW optimizer)
    {
        using var file = SafetensorsFile.Open(path);
        using var frozen = no_grad();
        foreach (var (name, value) in Tensors(trained, optimizer))
        {
            using var saved = TensorBytes.Load(file.Tensor(name), ScalarType.Float32, value.device);
            value.copy_(saved);
        }

        foreach (var (state, taken) in optimizer.States.Zip(Numbers(file.Tensor(Steps))))
        {
            state.Taken = taken;
        }

        return new TrainingPosition(
            int.Parse(file.Header.Metadata[Steps], CultureInfo.InvariantCulture),
            long.Parse(file.Header.Metadata[LogBytes], CultureInfo.InvariantCulture));
    }

    private static long[] Numbers(TensorView view) => MemoryMarshal.Cast<byte, long>(view.Slice(0, (int)view.ByteCount)).ToArray();

    private static ImmutableArray<(string Name, Tensor Value)> Tensors(IReadOnlyList<KeyValuePair<string, Parameter>> trained, FusedAdamW optimizer) =>
    [
        .. trained.Zip(optimizer.States).SelectMany(pair => new (string, Tensor)[]
        {
            ($"parameter.{pair.First.Key}", pair.First.Value),
            ($"exp_avg.{pair.First.Key}", pair.Second.Average),
            ($"exp_avg_sq.{pair.First.Key}", pair.Second.Square),
        }),
    ];
}
