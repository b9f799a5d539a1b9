using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;

namespace SeerMoe.Torch;

/// <summary>float32 logits of token lines, to check parity against any other runtime.</summary>
public static class LogitsFile
{
    /// <summary>Writes tensor `logits.LINE` [S, V] for each line of the data, counted from 0; zero at padding.</summary>
    /// <exception cref="InputException">Bad data, or the output exists.</exception>
    public static void Write(Checkpoint checkpoint, TextSource data, int batchSize, Compute compute, string outputPath, IProgress<Progress>? progress = null)
    {
        if (data.Format != TextFormat.Tokens)
        {
            throw new InputException("Logits are written for token lines only.", data.Path, "Use --format tokens.");
        }

        NewFolder.RefuseExisting(outputPath);
        using var model = MoeTransformer.Load(checkpoint, compute);
        List<TokenSequence> sequences = [.. TokenLines.Read(data.Path, model.Family.VocabularySize)];
        TensorSpec[] tensors = [.. sequences.Select((sequence, line) => new TensorSpec($"logits.{line}", DType.Float32, [sequence.Ids.Length, model.Family.VocabularySize]))];
        using var writer = SafetensorsWriter.Create(outputPath, tensors);
        using var inference = inference_mode();
        var done = 0;
        foreach (var group in sequences.Chunk(batchSize))
        {
            using var scope = NewDisposeScope();
            using var batch = TokenBatch.Of(group, model.Device);
            var logits_BSV = ForwardPass.Logits(model, batch) * batch.Real.unsqueeze(-1);
            for (var i = 0; i < group.Length; i++)
            {
                TensorBytes.Write(logits_BSV.select(0, i).narrow(0, 0, group[i].Ids.Length), DType.Float32, writer);
            }

            progress?.Report(new Progress("lines", done += group.Length, sequences.Count));
        }

        writer.Complete();
    }
}
