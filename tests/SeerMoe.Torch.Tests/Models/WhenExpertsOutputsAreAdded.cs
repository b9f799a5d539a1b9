using System.Runtime.InteropServices;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Models;

/// <summary>What goes to experts and comes back has libtorch's gradients.</summary>
public sealed class WhenExpertsOutputsAreAdded
{
    private static readonly long[] Chosen = [2, 0, 0, 2, 2, 3, 3, 2];

    [Theory]
    [InlineData(ScalarType.Float32, 33, 1e-5)]
    [InlineData(ScalarType.BFloat16, 48, 0.05)]
    public void Gradients_are_libtorchs(ScalarType type, int width, double tolerance)
    {
        using var scope = NewDisposeScope();
        var dispatch = Dispatch.Of(tensor(Chosen).view(4, 2), 4);
        var rows = dispatch.Rows([3, 0, 5, 4], topK: 2);
        var (x, gates) = (Leaf(type, 4, width), Leaf(type, 4, 2));

        (WeightedSum.apply(TokenRows.Take(x, rows, 2).square(), gates, rows.Places) * 3).sum().backward();

        var (exact, exactGates) = (Wide(x), Wide(gates));
        var byToken = exact.index_select(0, tensor(rows.Tokens)).square().index_select(0, tensor(rows.Places)).view(4, 2, width);
        ((byToken * exactGates.unsqueeze(2)).sum(1) * 3).sum().backward();
        Assert.Equal(type, x.grad!.dtype);
        Close.Absolute(exact.grad!, x.grad, tolerance * exact.grad!.abs().max().item<float>());
        Close.Absolute(exactGates.grad!, gates.grad!, tolerance * exactGates.grad!.abs().max().item<float>());
    }

    [Fact]
    public void Where_only_gates_learn_the_outputs_may_be_frozen()
    {
        using var scope = NewDisposeScope();
        var gates = Leaf(ScalarType.Float32, 4, 2);
        var dispatch = Dispatch.Of(tensor(Chosen).view(4, 2), 4);

        WeightedSum.apply(ones(8, 3), gates, dispatch.Places).sum().backward();
        Assert.Equal(0, Close.Difference(gates.grad!, full(4, 2, 3f)));
        Assert.False(WeightedSum.apply(ones(8, 3), gates.detach(), dispatch.Places).requires_grad);
    }

    [Fact]
    public void A_gradient_that_fails_is_told_when_the_pass_is_over()
    {
        using var scope = NewDisposeScope();
        var (x, gates) = (Leaf(ScalarType.Float32, 4, 3), Leaf(ScalarType.Float32, 4, 2));
        var dispatch = Dispatch.Of(tensor(Chosen).view(4, 2), 4);

        var fault = Assert.Throws<ExternalException>(() => BackwardPass.Run(() => Faulty.apply(Layer()).sum().backward()));
        Assert.Equal("no room", fault.Message);
        BackwardPass.Run(() => Layer().sum().backward());
        Assert.NotNull(x.grad);

        // Its inner scope is closed when the pass comes to what was made in it, as that of a layer is.
        Tensor Layer()
        {
            using var layer = NewDisposeScope();
            return WeightedSum.apply(TokenRows.Take(x, dispatch.Rows(dispatch.Counts, 2), 2) * 2, gates, dispatch.Places).MoveToOuterDisposeScope();
        }
    }

    private static Tensor Leaf(ScalarType type, params long[] shape)
    {
        using var generator = new Generator((ulong)shape.Sum());
        return randn(shape, generator: generator).to_type(type).detach().requires_grad_(true);
    }

    private static Tensor Wide(Tensor x) => x.detach().to_type(ScalarType.Float32).clone().requires_grad_(true);

    private sealed class Faulty : autograd.SingleTensorFunction<Faulty>
    {
        public override string Name => nameof(Faulty);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            BackwardPass.Keep(ctx);
            return ((Tensor)vars[0]) * 2;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => BackwardPass.Gradients(ctx, grad_output, 1, (_, _) => throw new ExternalException("no room"));
    }
}
