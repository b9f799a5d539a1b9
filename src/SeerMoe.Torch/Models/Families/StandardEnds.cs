namespace SeerMoe.Torch.Models.Families;

/// <summary>Embedding, RMS norm, and a head that is the embedding where the config calls for none.</summary>
internal static class StandardEnds
{
    private const string EmbeddingName = "model.embed_tokens.weight";

    private const string HeadName = "lm_head.weight";

    public static Embedding Embedding(LayerWeights weights) => new(weights.Take(EmbeddingName));

    public static ModelHead Head(LayerWeights weights, double epsilon) => new(weights.At("model").RmsNorm("norm", epsilon), Projection(weights));

    public static IProjection Projection(LayerWeights weights) =>
        new Linear(
            weights.Take(weights.Expects(HeadName) ? HeadName : EmbeddingName),
            weights.Expects("lm_head.bias") ? weights.Take("lm_head.bias") : null);
}
