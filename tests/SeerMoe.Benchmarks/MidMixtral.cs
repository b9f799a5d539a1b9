using SeerMoe.Torch;

namespace SeerMoe.Benchmarks;

/// <summary>A Mixtral of middle size with random weights, in a folder of its own: 8 layers of 8 experts, 140 million parameters.</summary>
internal sealed class MidMixtral : IDisposable
{
    public const int Hidden = 512;
    public const int Inner = 1024;
    public const int Layers = 8;
    public const int Experts = 8;
    public const int TopK = 2;
    public const int Heads = 8;
    public const int KeyValueHeads = 4;
    public const int Vocabulary = 32000;

    private readonly string _root = Directory.CreateTempSubdirectory("seer-mid-").FullName;

    public MidMixtral()
    {
        var config = Path.Combine(_root, "config.json");
        File.WriteAllText(
            config,
            $$"""
            {
              "model_type": "mixtral", "architectures": ["MixtralForCausalLM"], "vocab_size": {{Vocabulary}}, "hidden_size": {{Hidden}},
              "intermediate_size": {{Inner}}, "num_hidden_layers": {{Layers}}, "num_attention_heads": {{Heads}}, "num_key_value_heads": {{KeyValueHeads}},
              "num_local_experts": {{Experts}}, "num_experts_per_tok": {{TopK}}, "rms_norm_eps": 1e-05, "rope_theta": 10000.0,
              "max_position_embeddings": 4096, "sliding_window": null, "tie_word_embeddings": false, "torch_dtype": "float32"
            }
            """);
        Initializing.Initialize(config, 1, Folder);
    }

    public string Folder => Path.Combine(_root, "model");

    /// <summary>Floating point operations of the matrix products of one token, without the head; attention sees half of the window on average.</summary>
    public static double FlopsOfLayers(int window)
    {
        const double projections = (2.0 * Hidden * Hidden) + (2.0 * Hidden * Hidden * KeyValueHeads / Heads);
        const double experts = (3.0 * TopK * Hidden * Inner) + (Hidden * Experts);
        return 2 * Layers * (projections + experts + (2.0 * Hidden * window / 2));
    }

    /// <summary>And of the head.</summary>
    public const double FlopsOfHead = 2.0 * Hidden * Vocabulary;

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
