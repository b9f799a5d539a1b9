using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Costs;

/// <summary>
/// Memory at the peak of a stage: what stays, and the largest of what comes and goes.
/// <code>
/// count, evaluate   weights + activations of one layer (+ logits of scored positions)
/// train             weights + 16 bytes a trained number (float32 copy, gradient, two moments) + activations of all layers, or of
///                   one and the inputs of the rest where they are recomputed + logits and their gradient
/// a layer           T x (8 D + K (2 D + 3 F)) numbers, and attention scores B x H x S x S twice
/// </code>
/// </summary>
internal sealed class StageMemory(ModelSize model, int bytesANumber)
{
    private const int Float32 = 4;

    // Rows of logits that an evaluation has in memory at once, as numbers and as their logarithms.
    private const int HeadRows = 1024;

    public long Weights(long parameters) => parameters * bytesANumber;

    /// <param name="parameters">Of the model that runs.</param>
    /// <param name="sequences">B.</param>
    /// <param name="length">S, tokens.</param>
    public long Forward(long parameters, long sequences, long length) => Weights(parameters) + Layer(sequences, length);

    public long Scoring(long parameters, long sequences, long length) =>
        Forward(parameters, sequences, length) + (Math.Min(sequences * length, HeadRows) * model.Vocabulary * 2 * Float32);

    public long Training(long parameters, long trained, TrainOptions options)
    {
        var (tokens, layers) = ((long)options.Batch * options.Window, model.Shape.Layers);
        var kept = options.Activations == Activations.Kept
            ? layers * Layer(options.Batch, options.Window)
            : Layer(options.Batch, options.Window) + (layers * tokens * model.Hidden * bytesANumber);
        return Weights(parameters) + (trained * 4 * Float32) - (bytesANumber == Float32 && options.Tune == Tune.All ? trained * Float32 : 0) + kept + (3 * tokens * model.Vocabulary * Float32);
    }

    private long Layer(long sequences, long length)
    {
        var tokens = sequences * length;
        var numbers = tokens * ((8 * model.Hidden) + (model.Shape.TopK * ((2 * model.Hidden) + (3 * model.ExpertInner))));
        return (numbers + (2 * sequences * model.Heads * length * length)) * bytesANumber;
    }
}
