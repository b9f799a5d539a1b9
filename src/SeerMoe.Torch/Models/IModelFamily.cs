namespace SeerMoe.Torch.Models;

/// <summary>Builds the parts of a model of one family from its config and named weights.</summary>
public interface IModelFamily
{
    int VocabularySize { get; }

    int Layers { get; }

    RoutingRule Routing { get; }

    /// <summary>The longest sequence that its positions were made for.</summary>
    int MaxPositions { get; }

    /// <param name="survivors">Experts of this layer that may be chosen; null for all.</param>
    DecoderLayer Layer(LayerWeights weights, int layer, IReadOnlyList<int>? survivors);

    /// <summary>What stands before the first layer and after the last.</summary>
    ModelEnds Ends(LayerWeights weights);
}
