using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>A family's config keys and tensor names: all that counting the bytes and cutting them needs.</summary>
public interface IMoeArchitecture
{
    /// <summary>`model_type` of config.json.</summary>
    string ModelType { get; }

    /// <summary>The class of transformers that computes the family.</summary>
    string TransformersClass { get; }

    /// <summary>The config keys that may hold the number of experts, the usual one first; every one that is there is kept true.</summary>
    ImmutableArray<string> ExpertCountKeys { get; }

    /// <summary>The config keys that may hold top-K, the usual one first; every one that is there is kept true.</summary>
    ImmutableArray<string> TopKKeys { get; }

    /// <summary>Where routers and experts stand in the tensor names.</summary>
    ExpertNames Names { get; }

    /// <summary>Layers, experts and top-K as the config states them.</summary>
    MoeShape Shape(HfConfig config);

    /// <summary>Every tensor that a checkpoint of this config has, with its shape, in layer order.</summary>
    IEnumerable<TensorShape> Tensors(HfConfig config);

    /// <summary>What attention of a layer computes beside its projections.</summary>
    AttentionCost Attention(HfConfig config, int layer);

    /// <summary>Whether published checkpoints carry this tensor although no forward pass uses it (layers for further tokens under names of their own).</summary>
    bool IsUnused(string tensorName) => false;

    /// <summary>What the tensor of this name is to pruning.</summary>
    TensorRole RoleOf(string tensorName) => Names.RoleOf(tensorName);
}
