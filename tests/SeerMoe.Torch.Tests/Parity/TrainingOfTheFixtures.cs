using System.Text.Json;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Parity;

public class TrainingOfTheFixtures
{
    internal static readonly TrainOptions AsTheReference = new()
    {
        Steps = 3,
        Batch = 2,
        LearningRate = 1e-3,
        WeightDecay = 0.01,
        EntropyWeight = 0.1,
        GradientClip = 0,
        Order = SequenceOrder.File,
        GateAtTop1 = GateAtTop1.Renormalised,
    };

    [Theory]
    [MemberData(nameof(Oracle.TrainedNames), MemberType = typeof(Oracle))]
    public void Follows_the_reference_over_three_steps(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var folder = new TemporaryFolder();
        var data = new TextSource(oracle.WriteTokens("base", folder), TextFormat.Tokens);
        Regularizing.Regularize(oracle.Checkpoint, data, AsTheReference, Oracle.Float32, folder.Path);

        var log = File.ReadLines(folder["training.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var expected = oracle.Root.GetProperty("train").GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(expected.Count, log.Count);
        foreach (var (reference, step) in expected.Zip(log))
        {
            double Want(string name) => reference.GetProperty(name).GetDouble();
            double Got(string name) => step.GetProperty(name).GetDouble();

            Close.Absolute(Want("loss"), Got("loss"), oracle.Tolerance("train_loss_atol"));
            Close.Absolute(Want("ce"), Got("task_loss"), oracle.Tolerance("train_loss_atol"));
            Close.Absolute(Want("entropy"), Got("entropy"), oracle.Tolerance("train_loss_atol"));
            Close.Relative(Want("grad_norm"), Got("gradient_norm"), oracle.Tolerance("grad_rtol"));
        }

        using var tuned = Checkpoint.Open(folder["checkpoint"]);
        var task = new EvalTask("perplexity", TaskForm.Perplexity, data);
        var after = Evaluating.Evaluate(tuned, [task], mask: null, new EvaluateOptions(), Oracle.Float32).Results["perplexity"];
        Close.Absolute(oracle.Root.GetProperty("train").GetProperty("ce_after_step_3").GetDouble(), after.Nll!.Value / after.Tokens!.Value, oracle.Tolerance("train_loss_atol"));
    }

    [Theory]
    [MemberData(nameof(Oracle.TrainedNames), MemberType = typeof(Oracle))]
    public void Has_the_reference_gradients_and_parameters_after_one_step(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        var trained = TrainableSet.Choose(model, ArchitectureCatalog.For(oracle.Checkpoint.Config), Tune.All);
        using var trainer = new Trainer(model, trained, AsTheReference);
        using var batch = TokenBatch.Of(oracle.Sequences("base"), CPU);
        trainer.Step(batch, step: 0);

        var train = oracle.Root.GetProperty("train");
        var norms = train.GetProperty("grad_l2").EnumerateObject().ToDictionary(norm => norm.Name, norm => norm.Value.GetDouble());
        Assert.Equal(norms.Count, trained.Parameters.Count);
        foreach (var (name, parameter) in trained.Parameters)
        {
            Close.Relative(norms[name], parameter.grad!.norm().item<float>(), oracle.Tolerance("grad_rtol"));
        }

        foreach (var name in oracle.TensorNames.Where(name => name.StartsWith("train.after_step_1.", StringComparison.Ordinal)))
        {
            var parameter = trained.Parameters.Single(parameter => name.EndsWith(parameter.Key, StringComparison.Ordinal)).Value;

            // AdamW's first step moves every entry by about the learning rate, whatever its gradient: entries whose gradient
            // is near zero may differ in sign, so the mean is judged, and no entry moves further than twice the rate.
            using var expected = oracle.Tensor(name);
            Assert.InRange((parameter - expected).abs().mean().item<float>(), 0, 1e-6);
            Assert.InRange(Close.Difference(parameter, expected), 0, 2.1e-3);
        }

        using var logits = SeerMoe.Torch.Streaming.ForwardPass.Logits(model, batch);
        using var reference = oracle.Tensor("train.logits_after_step_1");
        Close.Absolute(reference, logits, oracle.Tolerance("after_step_logits_atol"));
    }
}
