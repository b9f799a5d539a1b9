using SeerMoe.Architectures;
using SeerMoe.Torch.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>
/// The parameters that a run tunes, in layer order, float32 all of them.
/// <code>
/// computed in float32     the weight itself
/// computed in bfloat16    a float32 copy (the master), which gets the weight's gradients and is rounded back to it after each step
/// lora                    A and B beside the weight
/// </code>
/// </summary>
public sealed class TrainableSet : IDisposable
{
    private readonly Dictionary<Weight, Parameter> _masters = new(ReferenceEqualityComparer.Instance);

    private TrainableSet(IReadOnlyList<KeyValuePair<string, Parameter>> parameters, LowRankDropout? dropout) => (Parameters, Dropout) = (parameters, dropout);

    /// <summary>By checkpoint name.</summary>
    public IReadOnlyList<KeyValuePair<string, Parameter>> Parameters { get; }

    /// <summary>Null for none.</summary>
    public LowRankDropout? Dropout { get; }

    /// <summary>Switches gradients on for what <paramref name="options"/> name, and off for the rest.</summary>
    public static TrainableSet Choose(MoeTransformer model, IMoeArchitecture architecture, TrainOptions options)
    {
        if (options.Tune != Tune.Lora)
        {
            return Choose(model, architecture, options.Tune);
        }

        Freeze(model);
        var dropout = new LowRankDropout(options.Lora?.Dropout ?? 0, options.Seed);
        return new TrainableSet(LoraMatrices.Attach(model, architecture, options.Lora ?? new LoraOptions(), dropout, options.Seed), dropout);
    }

    /// <summary>The same for weights themselves.</summary>
    public static TrainableSet Choose(MoeTransformer model, IMoeArchitecture architecture, Tune tune)
    {
        Freeze(model);
        var parameters = new List<KeyValuePair<string, Parameter>>();
        var chosen = new TrainableSet(parameters, dropout: null);
        foreach (var (name, weight) in model.Weights.Where(weight => IsTuned(architecture.RoleOf(weight.Key).Kind, tune)))
        {
            weight.requires_grad_(true);
            parameters.Add(KeyValuePair.Create(name, chosen.Wide(weight)));
        }

        return chosen;
    }

    /// <summary>What a weight has become: its master, itself with its adapter added, or itself. The caller disposes it.</summary>
    public Tensor ValueOf(Weight weight) =>
        _masters.TryGetValue(weight, out var master) ? master.alias() : weight.Adapter?.Merged(weight) ?? weight.alias();

    /// <summary>After a backward pass: brings gradients to where the optimizer looks for them.</summary>
    public void CollectGradients()
    {
        using var scope = NewDisposeScope();
        using var noGraph = no_grad();
        foreach (var (weight, master) in _masters)
        {
            if (weight.grad is not { } narrow)
            {
                continue;
            }

            if (master.grad is { } gradient)
            {
                gradient.add_(narrow.to_type(ScalarType.Float32));
            }
            else
            {
                master.grad = narrow.to_type(ScalarType.Float32); // which holds on to it by itself
            }

            weight.grad = null;
        }
    }

    /// <summary>After a backward pass that came to no end.</summary>
    public void DropGradients()
    {
        foreach (var weight in _masters.Keys)
        {
            weight.grad = null;
        }
    }

    /// <summary>After an update: brings the new values to where the model looks for them.</summary>
    public void Publish()
    {
        using var noGraph = no_grad();
        foreach (var (weight, master) in _masters)
        {
            weight.copy_(master);
        }
    }

    /// <summary>L2 norm of all gradients together, rows in float32, their squares in float64; parameters without one (an expert no token reached) count as zero.</summary>
    public double GradientNorm()
    {
        using var scope = NewDisposeScope();
        var gradients = Parameters.Select(parameter => parameter.Value.grad).OfType<Tensor>();
        var squares = gradients.Select(gradient => gradient.norm((int)gradient.dim() - 1, keepdim: false, 2f).to_type(ScalarType.Float64).square().sum()).ToList();
        return squares.Count == 0 ? 0 : Math.Sqrt(stack(squares).sum().cpu().item<double>());
    }

    public void Dispose()
    {
        foreach (var (_, master) in _masters)
        {
            master.Dispose();
        }
    }

    private static bool IsTuned(TensorKind kind, Tune tune) => tune switch
    {
        Tune.Routers => kind == TensorKind.Router,
        Tune.Experts => kind is TensorKind.Expert or TensorKind.FusedExperts,
        _ => true,
    };

    private static void Freeze(MoeTransformer model)
    {
        foreach (var (_, weight) in model.Weights)
        {
            weight.requires_grad_(false);
        }
    }

    private Parameter Wide(Weight weight)
    {
        if (weight.dtype == ScalarType.Float32)
        {
            return weight;
        }

        using var wide = weight.detach().to_type(ScalarType.Float32);
        var master = new Parameter(wide, requires_grad: true);
        master.DetachFromDisposeScope();
        _masters.Add(weight, master);
        return master;
    }
}
