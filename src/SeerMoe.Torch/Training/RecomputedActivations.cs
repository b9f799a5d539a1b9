using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>
/// Backward layer by layer (Chen et al., arXiv 1604.06174): activations of one layer at a time, and the input of every layer.
/// <code>
/// forward, no graph      x0 -> layer 0 -> x1 -> layer 1 -> x2          x0 x1 x2 are kept
/// head                   x2 -> loss                    backward:  d/dx2
/// layer 1 again          x1 -> x2, H_1, B_1            backward:  d/dx1, from d/dx2 and the shares of H_1 and B_1
/// layer 0 again          x0 -> x1, H_0, B_0            backward:  d/dx0
/// embedding              ids -> x0                     backward
/// </code>
/// Dropout draws by seed, step and place, so the second forward pass of a layer is the first.
/// </summary>
internal sealed class RecomputedActivations(MoeTransformer model, IObjective objective) : IGradientPass
{
    private readonly RouterTerms _routers = new();

    public IReadOnlyList<double> LayerEntropies { get; private set; } = [];

    public void Forget() => _routers.Forget();

    public LossTerms Run(TokenBatch batch, LossTerms weights)
    {
        using var scope = NewDisposeScope();
        var inputs_LBSD = ForwardPass.LayerInputs(model, batch, _routers);
        LayerEntropies = _routers.LayerEntropies;
        var layers = LayerEntropies.Count;
        var (entropy, balance) = _routers.Take();
        var (task, gradient_BSD) = Head(inputs_LBSD[model.Layers.Count], batch, weights.Task);
        for (var layer = model.Layers.Count - 1; layer >= 0; layer--)
        {
            using var layerScope = NewDisposeScope();
            gradient_BSD = Layer(layer, inputs_LBSD[layer], gradient_BSD, batch, weights, layers).MoveToOuterDisposeScope();
        }

        var embedded_BSD = model.Ends.Embed(batch.Ids);
        if (embedded_BSD.requires_grad)
        {
            BackwardPass.Run(() => autograd.backward([embedded_BSD], [gradient_BSD]));
        }

        return new LossTerms(task, entropy.Number(), balance.Number());
    }

    private (double Task, Tensor Gradient) Head(Tensor last_BSD, TokenBatch batch, double weight)
    {
        using var scope = NewDisposeScope();
        var x_BSD = last_BSD.detach().requires_grad_();
        var task = objective.Of(model, model.Ends.Normalise(x_BSD), batch);
        BackwardPass.Run(() => (weight * task).backward());
        return (task.Number(), x_BSD.grad!.MoveToOuterDisposeScope());
    }

    private Tensor Layer(int layer, Tensor input_BSD, Tensor gradient_BSD, TokenBatch batch, LossTerms weights, int layers)
    {
        var x_BSD = input_BSD.detach().requires_grad_();
        var y_BSD = model.Layers.Acquire(layer).Forward(x_BSD, batch, model.RuleOf(layer), _routers);
        List<Tensor> roots = [y_BSD];
        List<Tensor> gradients = [gradient_BSD];
        if (_routers.TakeShare(layers) is var (entropy, balance))
        {
            roots.Add((weights.Entropy * entropy) + (weights.Balance * balance));
            gradients.Add(ones_like(roots[1]));
        }

        BackwardPass.Run(() => autograd.backward(roots, gradients));
        model.Layers.Release(layer);
        return x_BSD.grad!;
    }
}
