using SeerMoe.Architectures;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Training;

/// <summary>In every family, whatever its rule.</summary>
public class WhenAnExpertFades
{
    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Nothing_jumps_at_either_end_of_the_ramp(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        var k = model.Routing.TopK;
        using var whole = Gates(model, oracle, new RoutingRule(k, GateAtTop1.Probability));
        using var begun = Gates(model, oracle, new RoutingRule(k, GateAtTop1.Probability, Fade: 1e-9));
        using var half = Gates(model, oracle, new RoutingRule(k, GateAtTop1.Probability, Fade: 0.5));
        using var gone = Gates(model, oracle, new RoutingRule(k, GateAtTop1.Probability, Fade: 1 - 1e-9));
        using var fewer = Gates(model, oracle, new RoutingRule(k - 1, GateAtTop1.Probability));

        Close.Absolute(whole, begun, 1e-6);
        Close.Absolute(fewer, gone.narrow(1, 0, k - 1), 1e-6);
        Close.Absolute(whole.narrow(1, k - 1, 1) / 2, half.narrow(1, k - 1, 1), 1e-6);
        Assert.InRange(gone.narrow(1, k - 1, 1).abs().max().item<float>(), 0, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void The_router_still_learns_at_the_end_of_the_ramp(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        using var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(oracle.Checkpoint.Config), Tune.Routers);
        using var batch = TokenBatch.Of(oracle.Sequences("base"), CPU);
        model.Routing = new RoutingRule(2, GateAtTop1.Probability, Fade: 0.99);
        NextTokenLoss.Of(model, ForwardPass.Hidden(model, batch), batch).backward();

        Assert.True(trained.GradientNorm() > 1e-4);
    }

    // Of the first MoE layer, whose input no routing has touched yet.
    private static Tensor Gates(MoeTransformer model, Oracle oracle, RoutingRule rule)
    {
        using var batch = TokenBatch.Of(oracle.Sequences("base"), CPU);
        var record = new FirstGates();
        model.Routing = rule;
        using var noGraph = no_grad();
        using var hidden = ForwardPass.Hidden(model, batch, record);
        return record.Gates!;
    }

    private sealed class FirstGates : IRoutingObserver
    {
        public Tensor? Gates { get; private set; }

        public Action Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD)
        {
            var gates = Gates is null ? routing.Gates.DetachFromDisposeScope() : null;
            return () => Gates ??= gates;
        }
    }
}
