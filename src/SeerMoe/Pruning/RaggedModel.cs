using System.Text.Json.Nodes;
using SeerMoe.Architectures;

namespace SeerMoe.Pruning;

/// <summary>
/// What lets transformers load layers with different numbers of experts: a small modeling_seer_FAMILY.py beside the weights, which
/// `auto_map` in config.json points to. It subclasses the stock class and gives each layer its own count, so everything else is transformers'.
/// </summary>
internal static class RaggedModel
{
    private const string Prefix = "modeling_seer_";

    /// <summary>`modeling_seer_mixtral.py`</summary>
    public static string FileName(IMoeArchitecture architecture) => $"{Prefix}{architecture.ModelType}.py";

    /// <summary>Whether a file of a checkpoint was written here: of a new cut it is written anew, or gone.</summary>
    public static bool IsOurs(string fileName) => fileName.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The file's text.</summary>
    public static string Text(IMoeArchitecture architecture)
    {
        using var stream = typeof(RaggedModel).Assembly.GetManifestResourceStream("modeling_seer.py")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd()
            .Replace("{{class}}", architecture.TransformersClass, StringComparison.Ordinal)
            .Replace("{{key}}", architecture.ExpertCountKeys[0], StringComparison.Ordinal);
    }

    /// <summary>The value of `auto_map`; the source's own is replaced as a whole, since its other classes would not fit ours.</summary>
    public static JsonObject AutoMap(IMoeArchitecture architecture) =>
        new() { ["AutoModelForCausalLM"] = $"{Prefix}{architecture.ModelType}.Seer{architecture.TransformersClass}" };
}
