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
        List<TokenSequence> sequences = [.. TokenLines.Read(data.Path, checkpoint.Config.Positive("vocab_size"))];
        var size = new PassSize(batchSize, sequences.Max(sequence => sequence.Ids.Length)) { HeadRows = long.MaxValue };
        using var model = MoeTransformer.Load(checkpoint, compute, residency: PassMemory.Of(checkpoint, compute).Choose(compute, size), packFrom: PackedMatrix.Worthwhile);
        TensorSpec[] tensors = [.. sequences.Select((sequence, line) => new TensorSpec($"logits.{line}", DType.Float32, [sequence.Ids.Length, model.Family.VocabularySize]))];
        using var writer = SafetensorsWriter.Create(outputPath, tensors);
        using var inference = inference_mode();
        var told = LayerProgress.Of(progress, model);
        var done = 0;
        foreach (var groups in sequences.Chunk(batchSize).Chunk(model.Layers.PassesAtOnce))
        {
            using var scope = NewDisposeScope();
            using var wave = new Wave(model.Residency);
            Array.ForEach(groups, group => wave.Add(new Pass(TokenBatch.Of(group, model.Device))));
            ForwardPass.Run(model, wave);
            ForwardPass.Finish(model, wave, (pass, hidden_BSD) =>
            {
                var next = 0;
                model.Limit.Each(hidden_BSD, wave.Passes[pass].Batch, Logits, logits_PSV =>
                {
                    using (logits_PSV)
                    {
                        for (var i = 0; i < logits_PSV.shape[0]; i++)
                        {
                            TensorBytes.Write(logits_PSV.select(0, i).narrow(0, 0, groups[pass][next++].Ids.Length), DType.Float32, writer);
                        }
                    }
                });
                told?.Report(new Progress("lines", done += groups[pass].Length, sequences.Count));
            });
        }

        writer.Complete();

        Tensor Logits(Tensor hidden_PSD, TokenBatch part) => model.Ends.Logits(hidden_PSD).mul_(part.Real.On(model.Ends.HeadDevice).unsqueeze(-1));
    }
}
