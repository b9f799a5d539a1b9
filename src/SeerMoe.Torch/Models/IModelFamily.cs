using SeerMoe.Torch.Models.Families;

namespace SeerMoe.Torch.Models;

/// <summary>Builds the parts of a model of one family from its config and named weights.</summary>
public interface IModelFamily
{
    ModelBasics Basics { get; }

    /// <summary>What the family calls the probability of an expert.</summary>
    IRouterScore Score { get; }

    /// <summary>Whether a single chosen expert gets a constant weight whatever its score (see <see cref="GateAtTop1"/>).</summary>
    bool IsGateConstantAtTop1 { get; }

    int VocabularySize => Basics.VocabularySize;

    /// <summary>The longest sequence that its positions were made for.</summary>
    int MaxPositions => Basics.MaxPositions;

    /// <summary>Which set of rotary frequencies a sequence of so many tokens turns by: sequences of different ranges can't share a pass.</summary>
    int RotaryRange(int length) => 0;

    DecoderLayer Layer(LayerWeights weights, int layer);

    /// <summary>What stands before the first layer.</summary>
    Embedding Embedding(LayerWeights weights) => StandardEnds.Embedding(weights);

    /// <summary>What stands after the last.</summary>
    ModelHead Head(LayerWeights weights) => StandardEnds.Head(weights, Basics.Epsilon);
}
