using SeerMoe.Architectures;
using SeerMoe.Torch.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>Puts low-rank matrices beside the weights of a model that a run adapts.</summary>
public static class LoraMatrices
{
    private const string Suffix = ".weight";

    /// <summary>A and B of each adapted weight, in layer order, by the name that PEFT gives them: `model.layers.0.self_attn.q_proj.lora_A.weight`.</summary>
    /// <exception cref="InputException">None of the targets is there.</exception>
    public static IReadOnlyList<KeyValuePair<string, Parameter>> Attach(MoeTransformer model, IMoeArchitecture architecture, LoraOptions options, LowRankDropout dropout, long seed)
    {
        var matrices = new List<KeyValuePair<string, Parameter>>();
        var place = 0;
        foreach (var (name, weight) in model.Weights)
        {
            if (TargetOf(name, weight, architecture) is not { } target || !options.Targets.HasFlag(target))
            {
                continue;
            }

            weight.Adapter = Beside(weight, options, dropout, seed, place++);
            matrices.Add(KeyValuePair.Create(NameOf(name, "lora_A"), weight.Adapter.A));
            matrices.Add(KeyValuePair.Create(NameOf(name, "lora_B"), weight.Adapter.B));
        }

        return matrices.Count > 0 ? matrices : throw new InputException($"The model has none of the matrices to adapt: {options.Targets}.", "lora targets", "Name others: attention, experts, routers, dense.");
    }

    /// <summary>Which target a tensor belongs to; null for embedding, head, norms and biases.</summary>
    public static LoraTargets? TargetOf(string name, Tensor weight, IMoeArchitecture architecture)
    {
        var role = architecture.RoleOf(name);
        if (role.Kind == TensorKind.FusedExperts)
        {
            return weight.dim() == 3 ? LoraTargets.Experts : null;
        }

        if (role.Layer < 0 || weight.dim() != 2 || !name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return null;
        }

        return role.Kind switch
        {
            TensorKind.Router => LoraTargets.Routers,
            TensorKind.Expert => LoraTargets.Experts,
            _ => name.Contains(".self_attn.", StringComparison.Ordinal) ? LoraTargets.Attention : LoraTargets.Dense,
        };
    }

    // Experts in one tensor are no module of their own, and have a name without an end.
    private static string NameOf(string name, string matrix) =>
        name.EndsWith(Suffix, StringComparison.Ordinal) ? $"{name[..^Suffix.Length]}.{matrix}{Suffix}" : $"{name}.{matrix}{Suffix}";

    private static LowRank Beside(Weight weight, LoraOptions options, LowRankDropout dropout, long seed, int place)
    {
        using var scope = NewDisposeScope();
        var slices = weight.shape[..^2];
        var (output, input) = weight.Order == MatrixOrder.OutIn ? (weight.shape[^2], weight.shape[^1]) : (weight.shape[^1], weight.shape[^2]);

        // Uniform within 1 / sqrt(in), as a linear layer of torch begins. Drawn on the CPU: the same numbers on every device.
        using var generator = new Generator(new SplitMix64(seed, place).Next());
        var a = ((2 * rand([.. slices, options.Rank, input], generator: generator)) - 1) / Math.Sqrt(input);
        var b = zeros([.. slices, output, options.Rank]);
        return new LowRank(Owned(a), Owned(b), options.Alpha / options.Rank, dropout, place);

        Parameter Owned(Tensor values)
        {
            var parameter = new Parameter(values.to(weight.device), requires_grad: true);
            parameter.DetachFromDisposeScope();
            return parameter;
        }
    }
}
