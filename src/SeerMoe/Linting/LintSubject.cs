using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;

namespace SeerMoe.Linting;

/// <summary>What runtimes look at when they load a Mixture of Experts.</summary>
/// <param name="Architecture">Its family.</param>
/// <param name="Config">config.json</param>
/// <param name="Shape">Layers, experts, groups.</param>
/// <param name="HasModelingFile">Whether modeling_seer_FAMILY.py stands beside the weights and `auto_map` points to it.</param>
/// <param name="TensorParallel">Devices that each matrix is split over; 1 for none.</param>
public sealed record LintSubject(IMoeArchitecture Architecture, HfConfig Config, MoeShape Shape, bool HasModelingFile, int TensorParallel)
{
    public int HeadCount => Config.Positive("num_attention_heads");

    /// <summary>Heads of keys and values; null where attention is latent and has no heads of its own to split.</summary>
    public int? KeyValueHeads => Config.Has("kv_lora_rank") ? null : Config.Positive("num_key_value_heads", HeadCount);

    /// <summary>Inner widths that tensor parallelism splits, with what they are of: experts, shared experts, dense layers.</summary>
    public IEnumerable<(string Of, int Width)> InnerWidths
    {
        get
        {
            var expert = Config.Positive(Config.Has("moe_intermediate_size") ? "moe_intermediate_size" : "intermediate_size");
            yield return ("experts", expert);
            if (Shape.SharedExperts > 0)
            {
                yield return ("shared experts", Config.Int("shared_expert_intermediate_size", expert * Shape.SharedExperts));
            }

            if (Shape.MoeLayers.Length < Shape.Layers)
            {
                yield return ("dense layers", Config.Positive("intermediate_size"));
            }
        }
    }

    /// <param name="path">A checkpoint folder, or a config.json.</param>
    public static LintSubject Of(string path, int tensorParallel)
    {
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        var config = HfConfig.Read(Directory.Exists(path) ? Path.Combine(path, "config.json") : path);
        var architecture = ArchitectureCatalog.For(config);
        var isMapped = config.SectionNode("auto_map")?["AutoModelForCausalLM"]?.ToString() is { } map && RaggedModel.IsOurs(map);
        return new LintSubject(architecture, config, architecture.Shape(config), isMapped && File.Exists(Path.Combine(folder, RaggedModel.FileName(architecture))), tensorParallel);
    }
}
