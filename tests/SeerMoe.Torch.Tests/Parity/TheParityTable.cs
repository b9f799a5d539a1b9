using System.Text.Json;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Parity;

/// <summary>
/// One table over all families: the largest differences from the reference. It is printed by
/// <c>dotnet run -c Release --project tests/SeerMoe.Torch.Tests -- -class SeerMoe.Torch.Tests.Parity.TheParityTable -showLiveOutput</c>.
/// </summary>
public class TheParityTable(ITestOutputHelper output)
{
    [Fact]
    public void Is_green_in_every_family()
    {
        var rows = Oracle.All.Select(one => Row(one.Fixture, one.Pruned, one.IsTrained)).ToList();

        output.WriteLine($"{"checkpoint",-24}{"logits",-10}{"counts",-10}{"sums",-10}{"prune",-10}{"train",-10}");
        foreach (var row in rows)
        {
            output.WriteLine($"{row.Fixture,-24}{row.Logits,-10:0.0e+0}{(row.CountsDiffer == 0 ? "exact" : $"{row.CountsDiffer}"),-10}{row.Sums,-10:0.0e+0}{Text(row.Prune),-10}{Text(row.Train),-10}");
        }

        Assert.All(rows, row => Assert.True(row.IsGreen, $"{row}"));
    }

    private static string Text(double? difference) => difference is { } number ? $"{number:0.0e+0}" : "-";

    private static ParityRow Row(string fixture, string[] pruned, bool isTrained)
    {
        using var oracle = new Oracle(fixture);
        using var folder = new TemporaryFolder();
        var (differ, sums) = Counts(oracle, folder);
        return new ParityRow(
            fixture,
            Logits(oracle, oracle.Checkpoint, "base"),
            differ,
            sums,
            pruned.Length == 0 ? null : pruned.Max(caseName => Pruned(oracle, caseName, folder[caseName])),
            isTrained ? Trained(oracle, folder) : null);
    }

    private static double Logits(Oracle oracle, Checkpoint checkpoint, string caseName)
    {
        using var model = MoeTransformer.Load(checkpoint, Oracle.Float32);
        using var batch = TokenBatch.Of(oracle.Sequences(caseName), CPU);
        using var expected = oracle.Tensor($"{caseName}.logits");
        using var logits = ForwardPass.Logits(model, batch);
        return Close.Difference(logits, expected);
    }

    private static (long CountsDiffer, double Sums) Counts(Oracle oracle, TemporaryFolder folder)
    {
        var data = new TextSource(oracle.WriteTokens("base", folder), TextFormat.Tokens);
        var layers = Counting.Count(oracle.Checkpoint, data, new CountOptions(), Oracle.Float32).Layers;
        double[] Expected(int layer, string name) => oracle.LayerOf("base", layer).GetProperty(name).Deserialize<double[]>()!;
        return (
            layers.Sum(layer => layer.Actual.Zip(Expected(layer.Layer, "hard_counts")).LongCount(pair => pair.First != pair.Second)),
            layers.Max(layer => layer.GateNorm.Zip(Expected(layer.Layer, "weighted_ean_sum")).Max(pair => Math.Abs(pair.First - pair.Second) / Math.Max(pair.Second, 1e-12))));
    }

    private static double Pruned(Oracle oracle, string caseName, string folder)
    {
        CheckpointPruner.Prune(oracle.Checkpoint, oracle.Plan(caseName), folder);
        using var pruned = Checkpoint.Open(folder);
        return Logits(oracle, pruned, caseName);
    }

    private static double Trained(Oracle oracle, TemporaryFolder folder)
    {
        var data = new TextSource(oracle.WriteTokens("base", folder), TextFormat.Tokens);
        Regularizing.Regularize(oracle.Checkpoint, data, TrainingOfTheFixtures.AsTheReference, Oracle.Float32, folder.Path);
        var losses = File.ReadLines(folder["training.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("loss").GetDouble());
        return oracle.Root.GetProperty("train").GetProperty("steps").EnumerateArray().Zip(losses).Max(pair => Math.Abs(pair.First.GetProperty("loss").GetDouble() - pair.Second));
    }

    /// <param name="Logits">Largest absolute difference.</param>
    /// <param name="CountsDiffer">Experts whose actual count differs.</param>
    /// <param name="Sums">Largest relative difference of the sum of gate times norm.</param>
    /// <param name="Prune">Largest absolute difference of the logits of pruned checkpoints; null where the reference has none.</param>
    /// <param name="Train">Largest absolute difference of the loss over three steps; null where the reference has none.</param>
    private sealed record ParityRow(string Fixture, double Logits, long CountsDiffer, double Sums, double? Prune, double? Train)
    {
        // The tolerances that every reference states.
        public bool IsGreen => Logits <= 1e-4 && CountsDiffer == 0 && Sums <= 1e-4 && Prune is null or <= 1e-4 && Train is null or <= 1e-3;
    }
}
