using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>Backward through the graph of the whole forward pass: memory grows with every layer.</summary>
internal sealed class KeptActivations(MoeTransformer model, IObjective objective) : IGradientPass
{
    private readonly RouterTerms _routers = new();

    public IReadOnlyList<double> LayerEntropies { get; private set; } = [];

    public void Forget() => _routers.Forget();

    public LossTerms Run(TokenBatch batch, LossTerms weights)
    {
        using var scope = NewDisposeScope();
        var hidden_BSD = ForwardPass.Hidden(model, batch, _routers);
        var task = objective.Of(model, hidden_BSD, batch);
        LayerEntropies = _routers.LayerEntropies;
        var (entropy, balance) = _routers.Take();
        BackwardPass.Run(() => ((weights.Task * task) + (weights.Entropy * entropy) + (weights.Balance * balance)).backward());
        return new LossTerms(task.Number(), entropy.Number(), balance.Number());
    }
}
