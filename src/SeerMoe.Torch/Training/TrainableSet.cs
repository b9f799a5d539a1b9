using SeerMoe.Architectures;
using SeerMoe.Torch.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>The parameters that a run tunes, in layer order.</summary>
public sealed class TrainableSet
{
    private TrainableSet(IReadOnlyList<KeyValuePair<string, Parameter>> parameters) => Parameters = parameters;

    /// <summary>By checkpoint name.</summary>
    public IReadOnlyList<KeyValuePair<string, Parameter>> Parameters { get; }

    /// <summary>Switches gradients on for what <paramref name="tune"/> names, and off for the rest.</summary>
    public static TrainableSet Choose(MoeTransformer model, IMoeArchitecture architecture, Tune tune)
    {
        var chosen = new List<KeyValuePair<string, Parameter>>();
        foreach (var weight in model.Weights)
        {
            var kind = architecture.RoleOf(weight.Key).Kind;
            var trained = tune == Tune.All || (tune == Tune.Routers && kind == TensorKind.Router) || (tune == Tune.Experts && kind is TensorKind.Expert or TensorKind.FusedExperts);
            weight.Value.requires_grad_(trained);
            if (trained)
            {
                chosen.Add(weight);
            }
        }

        return new TrainableSet(chosen);
    }

    /// <summary>L2 norm of all gradients together; parameters without one (an expert no token reached) count as zero.</summary>
    public double GradientNorm()
    {
        using var scope = NewDisposeScope();
        var squares = Gradients().Select(gradient => gradient.to_type(ScalarType.Float64).square().sum()).ToList();
        return squares.Count == 0 ? 0 : Math.Sqrt(stack(squares).sum().cpu().item<double>());
    }

    /// <summary>Multiplies every gradient by <paramref name="factor"/>.</summary>
    public void ScaleGradients(double factor)
    {
        using var noGradients = no_grad();
        foreach (var gradient in Gradients())
        {
            gradient.mul_(factor);
        }
    }

    private IEnumerable<Tensor> Gradients() => Parameters.Select(parameter => parameter.Value.grad).OfType<Tensor>();
}
