
namespace SeerMoe.Torch.Models.Families;

/// <summary>Embedding, RMS norm, and a head that is the embedding where the config calls for none.</summary>
internal static class StandardEnds
{
    public static ModelEnds Of(LayerWeights weights, double epsilon)
    {
        var embedding = weights.Take("model.embed_tokens.weight");
        return new ModelEnds(new Embedding(embedding), weights.At("model").RmsNorm("norm", epsilon), Head(weights));
    }

    public static IProjection Head(LayerWeights weights) =>
        new Linear(
            weights.Take(weights.Expects("lm_head.weight") ? "lm_head.weight" : "model.embed_tokens.weight"),
            weights.Expects("lm_head.bias") ? weights.Take("lm_head.bias") : null);
}
