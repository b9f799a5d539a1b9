using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Training;

/// <summary>A family that renormalises has a combine weight of exactly 1 at top-1, so the task loss sends its router nothing.</summary>
public class TheTrapOfTop1
{
    [Theory]
    [InlineData(GateAtTop1.Probability)]
    [InlineData(GateAtTop1.StraightThrough)]
    public void Is_avoided_by_a_gate_that_carries_the_probability(GateAtTop1 gate) => Assert.True(RouterGradient(gate) > 1e-4);

    [Fact]
    public void Is_real_with_the_familys_own_rule() => Assert.InRange(RouterGradient(GateAtTop1.Renormalised), 0, 1e-7);

    [Fact]
    public void With_a_straight_through_gate_computes_what_stock_runtimes_compute()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"]));
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var batch = TokenBatch.Of([new TokenSequence([1, 2, 3, 4])], CPU);
        model.Routing = new RoutingRule(1, GateAtTop1.Renormalised);
        using var stock = ForwardPass.Logits(model, batch);
        model.Routing = new RoutingRule(1, GateAtTop1.StraightThrough);
        using var straight = ForwardPass.Logits(model, batch);

        Assert.Equal(0, Close.Difference(stock, straight));
    }

    [Theory]
    [InlineData(GateAtTop1.Probability, true)]
    [InlineData(GateAtTop1.StraightThrough, false)]
    [InlineData(GateAtTop1.Renormalised, false)]
    public void After_annealing_the_saved_checkpoint_computes_what_was_trained(GateAtTop1 gate, bool needsSeerGate)
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"]));
        var data = new TextSource(folder.Write("train.txt", string.Concat(Enumerable.Repeat("The cat sat on the mat. ", 40))));
        var options = new TrainOptions { Steps = 4, Batch = 2, Window = 32, TopK = new TopKSchedule(2, 1), GateAtTop1 = gate, LearningRate = 1e-3 };
        var outcome = Regularizing.Regularize(checkpoint, data, options, Oracle.Float32, folder.Path);
        using var tuned = Checkpoint.Open(folder["checkpoint"]);

        Assert.Equal(1, outcome.TopK);
        Assert.Equal(needsSeerGate, outcome.NeedsSeerGate);
        Assert.Equal(1, tuned.Config.Int("num_experts_per_tok"));
        Assert.Equal(needsSeerGate, tuned.Config.Section("seer") is not null);

        // Evaluation goes by the saved config alone: it must know the gate where the family's keys can't say it.
        using var model = MoeTransformer.Load(tuned, Oracle.Float32);
        Assert.Equal(needsSeerGate ? GateAtTop1.Probability : GateAtTop1.Renormalised, model.Routing.GateAtTop1);
    }

    /// <summary>The evaluated model and the saved checkpoint are one: K, gate and weights.</summary>
    [Theory]
    [InlineData(GateAtTop1.Probability, Annealing.Step)]
    [InlineData(GateAtTop1.Probability, Annealing.Ramp)]
    [InlineData(GateAtTop1.StraightThrough, Annealing.Ramp)]
    [InlineData(GateAtTop1.Renormalised, Annealing.Linear)]
    public void After_annealing_the_reloaded_checkpoint_has_the_logits_of_the_model_in_memory(GateAtTop1 gate, Annealing annealing)
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"]));
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(checkpoint.Config), Tune.All);
        using var trainer = new Trainer(model, trained, new TrainOptions { Steps = 6, LearningRate = 1e-2, TopK = new TopKSchedule(2, 1, 0.7, annealing), GateAtTop1 = gate });
        using var batch = TokenBatch.Of([new TokenSequence([.. Enumerable.Range(1, 40)])], CPU);
        for (var step = 0; step < 6; step++)
        {
            trainer.Step(batch, step);
        }

        using var inMemory = ForwardPass.Logits(model, batch);
        TunedCheckpoint.Save(checkpoint, model, trained, folder["tuned"]);
        using var tuned = Checkpoint.Open(folder["tuned"]);
        using var reloaded = MoeTransformer.Load(tuned, Oracle.Float32);
        using var saved = ForwardPass.Logits(reloaded, batch);

        Assert.Equal(1, reloaded.Routing.TopK);
        Assert.InRange(Close.Difference(inMemory, saved), 0, 1e-6);
    }

    /// <summary>In every family: whatever the router's rule, a gate that carries the probability teaches it at top-1.</summary>
    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Is_avoided_in_every_family(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(oracle.Checkpoint.Config), Tune.Routers);
        using var batch = TokenBatch.Of(oracle.Sequences("base"), CPU);
        double Gradient(GateAtTop1 gate)
        {
            model.Routing = new RoutingRule(1, gate);
            foreach (var parameter in trained.Parameters)
            {
                parameter.Value.grad = null;
            }

            NextTokenLoss.Of(model, ForwardPass.Hidden(model, batch), batch).backward();
            return trained.GradientNorm();
        }

        Assert.True(Gradient(GateAtTop1.Probability) > 1e-4);
        if (model.Family.IsGateConstantAtTop1)
        {
            Assert.True(Gradient(GateAtTop1.StraightThrough) > 1e-4);

            // SparseMixer's weight is constant only where no second expert comes near, and in this checkpoint many do.
            Assert.True(fixture == "phimoe" || Gradient(GateAtTop1.Renormalised) < 1e-6);
        }
    }

    [Fact]
    public void A_second_training_with_another_gate_does_not_leave_the_first_in_the_config()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"]));
        using var first = Tuned(checkpoint, GateAtTop1.Probability, Directory.CreateDirectory(folder["first"]).FullName);
        using var second = Tuned(first, GateAtTop1.StraightThrough, Directory.CreateDirectory(folder["second"]).FullName);

        Assert.Equal(GateAtTop1.Probability, ModelFamilies.For(first.Config).Basics.Routing.GateAtTop1);
        Assert.Equal(GateAtTop1.Renormalised, ModelFamilies.For(second.Config).Basics.Routing.GateAtTop1);
    }

    private static Checkpoint Tuned(Checkpoint checkpoint, GateAtTop1 gate, string folder)
    {
        var data = new TextSource(Path.Combine(folder, "train.txt"));
        File.WriteAllText(data.Path, string.Concat(Enumerable.Repeat("The cat sat on the mat. ", 40)));
        var options = new TrainOptions { Steps = 2, Batch = 2, Window = 32, TopK = new TopKSchedule(checkpoint.Config.Int("num_experts_per_tok"), 1), GateAtTop1 = gate };
        Regularizing.Regularize(checkpoint, data, options, Oracle.Float32, folder);
        return Checkpoint.Open(Path.Combine(folder, "checkpoint"));
    }

    private static double RouterGradient(GateAtTop1 gate)
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"]));
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);
        model.Routing = new RoutingRule(1, gate);
        var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(checkpoint.Config), Tune.Routers);
        using var batch = TokenBatch.Of([new TokenSequence([.. Enumerable.Range(1, 40)])], CPU);
        NextTokenLoss.Of(model, ForwardPass.Hidden(model, batch), batch).backward();
        return trained.GradientNorm();
    }
}
