using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>Experts as DeepSeek models name them, and those that follow them: first layers dense, shared experts as one wide expert.</summary>
internal static class DeepSeekExperts
{
    /// <summary>Whether a layer has experts: `first_k_dense_replace` layers do not.</summary>
    public static Func<int, bool> IsMoe(HfConfig config)
    {
        var dense = config.Int("first_k_dense_replace", 0);
        return config.Int("moe_layer_freq", 1) == 1
            ? layer => layer >= dense
            : throw new InputException("moe_layer_freq is not 1.", config.Path, "Every published model has experts in every layer behind the dense ones; others are not known here.");
    }

    /// <summary>Number of shared experts; 0 where the key is absent or null.</summary>
    public static int Shared(HfConfig config) => config.Int("n_shared_experts", 0);

    /// <summary>`mlp` of a layer: dense, or router, experts and shared experts.</summary>
    /// <param name="correction">Name of the selection bias under `mlp.gate.`, or null.</param>
    public static IEnumerable<TensorShape> Tensors(string layer, int experts, HfConfig config, string? correction)
    {
        long hidden = config.Positive("hidden_size");
        if (experts == 0)
        {
            return Layout.SwiGlu($"{layer}.mlp", hidden, config.Positive("intermediate_size"));
        }

        long inner = config.Positive("moe_intermediate_size");
        return
        [
            new($"{layer}.mlp.gate.weight", [experts, hidden]),
            .. correction is null ? Array.Empty<TensorShape>() : [new($"{layer}.mlp.gate.{correction}", [experts], Safetensors.DType.Float32)],
            .. Layout.Each($"{layer}.mlp.experts", experts, expert => Layout.SwiGlu(expert, hidden, inner)),
            .. Shared(config) == 0 ? [] : Layout.SwiGlu($"{layer}.mlp.shared_experts", hidden, inner * Shared(config)),
        ];
    }
}
