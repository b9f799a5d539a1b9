using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;
using TorchSharp;

namespace SeerMoe.Torch.Tests.Models;

/// <summary>Runs alone: the count of living tensors is one for the whole process.</summary>
[Collection(nameof(TensorLifetimes))]
[CollectionDefinition(nameof(TensorLifetimes), DisableParallelization = true)]
public class TensorLifetimes
{
    [Fact]
    public void No_tensor_outlives_its_engine()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"]));
        var text = new TextSource(folder.Write("text.txt", string.Concat(Enumerable.Repeat("The cat sat on the mat. ", 100))));
        var run = 0;
        RunAll();
        GC.Collect(); // what other tests left to the finaliser must not go while this one counts
        GC.WaitForPendingFinalizers();
        var before = torch.Tensor.TotalCount;
        RunAll();

        // The binding counts one handle too many for each Parameter it wraps, though its memory is freed: five loads of the model.
        Assert.InRange(torch.Tensor.TotalCount - before, 0, 5 * checkpoint.TensorNames.Count);

        void RunAll()
        {
            Counting.Count(checkpoint, text, new CountOptions { Window = 32 }, Oracle.Float32);
            using (ComputeThreads.Fix(2))
            {
                Counting.Count(checkpoint, text, new CountOptions { Window = 256 }, Oracle.Float32); // two threads, each with four sequences
            }

            using (var packed = MoeTransformer.Load(checkpoint, Oracle.Float32, packFrom: 1))
            using (var batch = TokenBatch.Of([new([1, 2, 3])], torch.CPU))
            {
                ForwardPass.Logits(packed, batch).Dispose();
            }

            Evaluating.Evaluate(checkpoint, [new EvalTask("perplexity", TaskForm.Perplexity, text)], mask: null, new EvaluateOptions(), Oracle.Float32);
            var output = Directory.CreateDirectory(folder[$"run{run++}"]).FullName;
            Regularizing.Regularize(checkpoint, text, new TrainOptions { Steps = 3, Batch = 2, Window = 32 }, Oracle.Float32, output);
        }
    }
}
