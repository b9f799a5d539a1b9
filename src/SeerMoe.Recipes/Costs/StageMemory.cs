using SeerMoe.Checkpoints;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Costs;

/// <summary>
/// Memory at the peak of a stage: what stays, and the largest of what comes and goes.
/// <code>
/// count, evaluate   see PassMemory
/// train             weights + 16 bytes a trained number (float32 copy, gradient, two moments) + the last good 4 + activations of all layers, or of
///                   one and the inputs of the rest where they are recomputed + the logits, in whose place their gradient stands (three tables of them on a GPU)
/// </code>
/// </summary>
internal sealed class StageMemory(HfConfig config, ModelSize model, Compute compute)
{
    // A cut copies bytes and loads no libtorch: the program itself and the pages that it reads ahead, measured.
    private const long CopyingProgram = 62L << 20;
    private const long ReadAhead = 32L << 20;

    private const int Float32 = 4;

    private readonly PassMemory _pass = PassMemory.Of(config, compute);
    private readonly int _bytesANumber = compute.Type.Resolve(compute.Device) == ComputeType.Float32 ? Float32 : Float32 / 2;

    /// <param name="parameters">Of the model that runs.</param>
    /// <param name="size">Its largest pass.</param>
    public (long Bytes, Residence Residence) Forward(long parameters, PassSize size)
    {
        var less = _pass.WeightBytes - (parameters * _bytesANumber); // what was cut since
        var resident = _pass.Resident(size) - less;
        return compute.MemoryBytes is { } allowed && resident > allowed
            ? (_pass.Streamed(size), Residence.Streamed)
            : (resident, Residence.Resident);
    }

    /// <summary>Of a cut.</summary>
    /// <param name="bytes">That it writes.</param>
    public static long Copying(long bytes) => CopyingProgram + Math.Min(bytes, ReadAhead);

    public long Training(long parameters, long trained, TrainOptions options)
    {
        var (tokens, size) = ((long)options.Batch * options.Window, new PassSize(options.Batch, options.Window));
        var kept = options.Activations == Activations.Kept
            ? _pass.Activations(size) + ((model.Shape.Layers - 1) * _pass.KeptActivations(size))
            : _pass.Activations(size) + (model.Shape.Layers * tokens * model.Hidden * _bytesANumber);
        var masters = (trained * 4 * Float32) - (_bytesANumber == Float32 && options.Tune == Tune.All ? trained * Float32 : 0);
        var lastGood = trained * Float32;
        return PassMemory.ProgramBytes + (parameters * _bytesANumber) + masters + lastGood + kept + (tokens * model.Vocabulary * BytesOfLogits(options));
    }

    /// <summary>The gradient of the next token's loss takes the place of the logits on the CPU; else they, their logarithms and the gradient are float32.</summary>
    private int BytesOfLogits(TrainOptions options) =>
        compute.Device.Class == ComputeDevice.Cpu.Name && options.Objective == Objective.NextToken ? _bytesANumber : 3 * Float32;
}
