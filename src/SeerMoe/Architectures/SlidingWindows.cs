using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>How far back each layer attends, where layers differ.</summary>
public static class SlidingWindows
{
    private const string Sliding = "sliding_attention";

    private const string Full = "full_attention";

    /// <summary>Qwen: only with `use_sliding_window`, and then from layer `max_window_layers` on, unless `layer_types` says it layer by layer.</summary>
    public static Func<int, int?> OfQwen(HfConfig config)
    {
        var first = config.Int("max_window_layers", 28);
        var types = LayerTypes(config);
        if (!config.Flag("use_sliding_window", fallback: false))
        {
            config.Ignore("sliding_window"); // transformers 5 writes 0 there
            return _ => null;
        }

        var window = config.Positive("sliding_window");
        return layer => (types is { } listed ? listed[layer] == Sliding : layer >= first) ? window : null;
    }

    /// <summary>`layer_types`, one of sliding_attention and full_attention a layer; where it is absent the two alternate, sliding first.</summary>
    public static Func<int, int?> Alternating(HfConfig config)
    {
        var window = config.PositiveOrNull("sliding_window");
        var types = LayerTypes(config);
        return layer => (types is { } listed ? listed[layer] == Sliding : layer % 2 == 0) ? window : null;
    }

    private static ImmutableArray<string>? LayerTypes(HfConfig config)
    {
        var types = config.TextsOrNull("layer_types", Sliding, Full);
        return types is null || types.Value.Length == config.Positive("num_hidden_layers")
            ? types
            : throw new InputException($"layer_types lists {types.Value.Length} layers, num_hidden_layers is {config.Positive("num_hidden_layers")}.", config.Path, "Correct config.json: it lists each layer once.");
    }
}
