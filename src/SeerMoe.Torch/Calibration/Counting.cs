using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Saving;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Calibration;

/// <summary>Stage 1, first half: one pass over calibration text gives the statistics of every expert.</summary>
public static class Counting
{
    /// <param name="save">Given by a run: sums are kept from time to time, and what is there is gone on from; null for none.</param>
    /// <exception cref="InputException">Bad data, or a checkpoint that can't be run.</exception>
    public static ExpertStatistics Count(Checkpoint checkpoint, TextSource data, CountOptions options, Compute compute, IProgress<Progress>? progress = null, SavePoint? save = null)
    {
        var architecture = ArchitectureCatalog.For(checkpoint.Config);
        var shape = architecture.Shape(checkpoint.Config);
        var path = save?.PathOf("statistics.safetensors");
        var before = File.Exists(path) ? StatisticsFile.Read(path) : null;
        LayerStatistics[] layers = before is not null ? [.. before.Layers] : [.. shape.MoeLayers.Select((layer, i) => new LayerStatistics(layer, shape.Experts[i]))];

        using var model = MoeTransformer.Load(checkpoint, compute, residency: PassMemory.Of(checkpoint, compute).Choose(compute, new PassSize(options.Batch, options.Window)), packFrom: PackedMatrix.Worthwhile);
        var told = LayerProgress.Of(progress, model);
        using var inference = inference_mode();
        var sequences = CalibrationText.Read(data, () => ModelTokenizer.Open(checkpoint, model.Family.VocabularySize), model.Family.VocabularySize, options.Window, options.Tokens);
        var tokens = before?.Tokens ?? 0;
        var sequenceCount = before?.Sequences ?? 0;
        var batchesBefore = (sequenceCount + options.Batch - 1) / options.Batch;
        long passed = 0;
        long batches = 0;
        foreach (var groups in Batches().Chunk(model.Layers.PassesAtOnce))
        {
            using var scope = NewDisposeScope();
            using var wave = new Wave(model.Residency);
            Array.ForEach(groups, group => wave.Add(new Pass(TokenBatch.Of(group.Sequences, model.Device))));
            var realTokens = groups.Sum(group => group.RealTokens);
            var saved = model.IsStreamed && save is not null ? new SavedWave(save, Statistics(), realTokens) : null;
            layers = saved?.Restore(wave, model) ?? layers;
            ForwardPass.Run(model, wave, new ExpertCounter(layers), TellLayers(wave), () => saved?.SaveIfDue(wave));
            tokens += realTokens;
            sequenceCount += groups.Sum(group => group.Sequences.Length);
            save?.SaveIfDue(() => StatisticsFile.WriteTensors(path!, Statistics()));
            told?.Report(new Progress(options.Slice is null ? "tokens counted" : $"tokens passed in slice {options.Slice}", groups[^1].Passed, options.Tokens ?? 0) { Tokens = tokens });
        }

        if (tokens == 0 && passed > 0)
        {
            throw new InputException($"There is nothing to count in slice {options.Slice}: the data make {batches} batches.", data.Path, $"Count in {batches} slices at most, or in smaller batches.");
        }

        if (tokens == 0)
        {
            throw new InputException("There is not one real token to count.", data.Path, "Give calibration text, or token lines that are not all padding.");
        }

        NotFinite.Refuse(layers.SelectMany(layer => layer.Sums).SelectMany(sum => sum.Values), checkpoint.Folder);
        var statistics = Statistics();
        statistics.AssertInvariants(model.Family.Score.SumsToOne ? SoftSum.Tokens : SoftSum.Free);
        return statistics;

        // Those of the slice that no earlier process counted; each with the tokens of the data up to its end.
        IEnumerable<(TokenSequence[] Sequences, long RealTokens, long Passed)> Batches()
        {
            foreach (var group in sequences.Where(sequence => sequence.RealTokens > 0).Chunk(options.Batch))
            {
                var realTokens = group.Sum(sequence => (long)sequence.RealTokens);
                passed += realTokens;
                if (options.Slice?.Takes(batches++) != false && batchesBefore-- <= 0)
                {
                    yield return (group, realTokens, passed);
                }
            }
        }

        // A resident model tells batch by batch anyway.
        Action? TellLayers(Wave wave)
        {
            var (done, all) = ((long)wave.Layer * wave.Passes.Count, (long)model.Layers.Count * wave.Passes.Count);
            return model.IsStreamed ? () => told?.Report(new Progress("passes of a batch through a layer", ++done, all)) : null;
        }

        ExpertStatistics Statistics() => new(architecture.ModelType, CheckpointDigest.Of(checkpoint), tokens, sequenceCount, shape.TopK, [.. layers]);
    }
}
