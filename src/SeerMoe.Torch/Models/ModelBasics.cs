using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Torch.Models.Families;

namespace SeerMoe.Torch.Models;

/// <summary>What every family's config states.</summary>
/// <param name="Layers">Decoder layers.</param>
/// <param name="VocabularySize">V</param>
/// <param name="MaxPositions">The longest sequence that its positions were made for.</param>
/// <param name="Epsilon">`rms_norm_eps`</param>
/// <param name="Routing">The checkpoint's own rule.</param>
public sealed record ModelBasics(int Layers, int VocabularySize, int MaxPositions, double Epsilon, RoutingRule Routing)
{
    /// <param name="epsilon">Of the norms, where the config does not say.</param>
    /// <exception cref="InputException">A key is absent, or the activation is another than silu.</exception>
    public static ModelBasics Of(HfConfig config, MoeShape shape, double epsilon)
    {
        if (config.Text("hidden_act", "silu") is not ("silu" or "swish") and var activation)
        {
            throw new InputException($"hidden_act '{activation}' is not that of a {config.ModelType}.", config.Path, "Only silu is known for this family.");
        }

        return new ModelBasics(
            shape.Layers,
            config.Positive("vocab_size"),
            config.Positive("max_position_embeddings", 32768),
            config.Number("rms_norm_eps", epsilon),
            new RoutingRule(shape.TopK, SavedGate.Of(config)));
    }
}
