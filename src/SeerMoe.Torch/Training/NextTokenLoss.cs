using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Training;

/// <summary>Cross entropy of the next token, mean over predictions; one counts only if both its token and the one before are real, and it is no part of a prompt.</summary>
public sealed class NextTokenLoss : IObjective
{
    /// <summary>Numbers of a table of logits that a worker makes at once without gradients: a block above 64 MiB would be mapped anew for each.</summary>
    private const long Chunk = 1 << 23;

    /// <summary>How many times as many a chunk has where all threads make it together.</summary>
    private const int Together = 4;

    Tensor IObjective.Of(MoeTransformer model, Tensor hidden_BSD, TokenBatch batch) => Of(model, hidden_BSD, batch);

    /// <inheritdoc cref="IObjective.Of"/>
    public static Tensor Of(MoeTransformer model, Tensor hidden_BSD, TokenBatch batch)
    {
        return OverPredictions(hidden_BSD, batch, rows =>
        {
            var targets = batch.Ids.narrow(1, 1, batch.Length - 1).flatten().index_select(0, rows);
            var x_ND = Before(hidden_BSD, rows);
            return is_grad_enabled() ? Whole(model.Ends.NarrowLogits(x_ND), targets) : InChunks(model, x_ND, targets);
        });
    }

    /// <summary>A mean over the predictions of a batch; 0 where it has none: half of a batch may hold nothing but prompts, and a mean over nothing is no number.</summary>
    /// <param name="mean">Gets where they stand among the B x (S - 1) pairs of neighbours.</param>
    internal static Tensor OverPredictions(Tensor hidden_BSD, TokenBatch batch, Func<Tensor, Tensor> mean)
    {
        var rows = Rows(batch);
        return rows.shape[0] == 0 ? hidden_BSD.sum() * 0 : mean(rows);
    }

    /// <summary>
    /// The same without gradients, some rows at a time: logits of all at once are written to memory and read again several times. In bfloat16 each thread takes
    /// rows of its own; in float32 that is slower, because each would bring the head into the order of MKL's kernels for itself.
    /// </summary>
    private static Tensor InChunks(MoeTransformer model, Tensor x_ND, Tensor targets_N)
    {
        var rows = x_ND.shape[0];

        // A streamed model opens its head with the first question, which must not come from several threads.
        var isShared = x_ND.device_type == DeviceType.CPU && x_ND.dtype == ScalarType.BFloat16 && Worker.Serve && !model.IsStreamed;
        var pieces = isShared ? get_num_threads() : 1;
        var chunk = Math.Max(1, (pieces == 1 ? Together : 1) * Chunk / model.Family.VocabularySize);
        var sums = new double[pieces];
        if (pieces == 1)
        {
            OfPiece(0);
        }
        else
        {
            Worker.Each(pieces, threads: 1, OfPiece);
        }

        return tensor((float)(sums.Sum() / rows), device: x_ND.device);

        void OfPiece(int piece)
        {
            var end = rows * (piece + 1) / pieces;
            for (var start = rows * piece / pieces; start < end; start += chunk)
            {
                using var scope = NewDisposeScope();
                var size = Math.Min(chunk, end - start);
                sums[piece] += Sum(model.Ends.NarrowLogits(x_ND.narrow(0, start, size)), targets_N.narrow(0, start, size));
            }
        }
    }

    private static Tensor Whole(Tensor logits_NV, Tensor targets_N) => CrossEntropyKernel.Serve(logits_NV)
        ? MeanCrossEntropy.apply(logits_NV, targets_N.data<long>().ToArray())
        : cross_entropy(logits_NV.to_type(ScalarType.Float32), targets_N);

    private static double Sum(Tensor logits_NV, Tensor targets_N) => CrossEntropyKernel.Serve(logits_NV)
        ? CrossEntropyKernel.Losses(logits_NV, targets_N.data<long>().ToArray(), new RowSum[targets_N.shape[0]]).Sum()
        : cross_entropy(logits_NV.to_type(ScalarType.Float32), targets_N, reduction: nn.Reduction.Sum).Number();

    private static Tensor Rows(TokenBatch batch) => batch.Predicted.narrow(1, 1, batch.Length - 1).flatten().nonzero().flatten();

    /// <summary>The hidden states that make those predictions.</summary>
    internal static Tensor Before(Tensor hidden_BSD, Tensor rows) => hidden_BSD.narrow(1, 0, hidden_BSD.shape[1] - 1).flatten(0, 1).index_select(0, rows);
}
