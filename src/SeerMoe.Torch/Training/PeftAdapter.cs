using System.Text.RegularExpressions;

namespace SeerMoe.Torch.Training;

/// <summary>
/// Low-rank matrices in the layout of PEFT, to be loaded over the checkpoint that was trained:
/// <code>
/// adapter_config.json            rank, alpha, and which modules, as one regular expression
/// adapter_model.safetensors      base_model.model.NAME.lora_A.weight [r, in], NAME.lora_B.weight [out, r], float32
/// </code>
/// </summary>
public static partial class PeftAdapter
{
    private const string End = ".lora_A.weight";

    /// <param name="outputFolder">A new folder.</param>
    public static void Save(TrainableSet trained, LoraOptions options, string outputFolder)
    {
        using var output = NewFolder.Create(outputFolder);
        ParameterFile.Save(output.PathOf("adapter_model.safetensors"), trained, "base_model.model.");
        SeerJson.Write(output.PathOf("adapter_config.json"), new
        {
            PeftType = "LORA",
            TaskType = "CAUSAL_LM",
            InferenceMode = true,
            R = options.Rank,
            LoraAlpha = options.Alpha,
            LoraDropout = options.Dropout,
            TargetModules = Modules(trained.Parameters.Select(parameter => parameter.Key)),
            Bias = "none",
            FanInFanOut = false,
        });
        output.Complete();
    }

    /// <exception cref="InputException">All experts of a layer stand in one tensor, which is no module.</exception>
    public static void RefuseFused(TrainableSet trained)
    {
        if (trained.Parameters.FirstOrDefault(parameter => parameter.Value.dim() == 3) is { Key: { } name })
        {
            throw new InputException($"{name} belongs to all experts of a layer at once, and an adapter has a place for modules alone.", "lora save", "Leave the experts out of its targets, or save merged.");
        }
    }

    /// <summary>`model\.layers\.\d+\.(?:mlp\.experts\.\d+\.up_proj|self_attn\.q_proj)`: a list of words would match modules that were left out.</summary>
    private static string Modules(IEnumerable<string> names)
    {
        var kinds = names.Where(name => name.EndsWith(End, StringComparison.Ordinal))
            .Select(name => Numbers().Replace(Regex.Escape(name[..^End.Length]), @"\d+"))
            .Distinct()
            .Order(StringComparer.Ordinal);
        return $"(?:{string.Join('|', kinds)})";
    }

    [GeneratedRegex(@"(?<=\.)\d+(?=\\?\.|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
