using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>A family's config keys and tensor names: all that counting the bytes and cutting them needs.</summary>
public interface IMoeArchitecture
{
    /// <summary>`model_type` of config.json.</summary>
    string ModelType { get; }

    /// <summary>The config key that holds the number of experts.</summary>
    string ExpertCountKey { get; }

    /// <summary>The config key that holds top-K.</summary>
    string TopKKey { get; }

    /// <summary>Layers, experts and top-K as the config states them.</summary>
    MoeShape Shape(HfConfig config);

    /// <summary>What the tensor of this name is to pruning.</summary>
    TensorRole RoleOf(string tensorName);

    /// <summary>The name of the same expert tensor under another expert number.</summary>
    string Renumber(string tensorName, int expert);

    /// <summary>Every tensor that a checkpoint of this config has, with its shape, in layer order.</summary>
    IEnumerable<(string Name, ImmutableArray<long> Shape)> Tensors(HfConfig config);
}
