using System.Runtime.InteropServices;
using SeerMoe.Experts;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Experts;

public sealed class WhenStatisticsAreDamaged : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"tokens\": 10", "\"tokenz\": 10", "'tokens' is absent")]
    [InlineData("\"soft\":", "\"soft_\":", "'soft' is absent")]
    [InlineData("\"actual\": [9, 6, 5]", "\"actual\": [9, 6]", "'actual' has 2 numbers, 3 are expected")]
    [InlineData("\"actual\": [9, 6, 5]", "\"actual\": [9, -6, 5]", "'layers.1.actual' has -6 at position 1")]
    [InlineData("\"actual\": [9, 6, 5]", "\"actual\": [9, \"NaN\", 5]", "'actual' is not what is expected here")]
    [InlineData("\"actual\": [9, 6, 5]", "\"actual\": [9, NaN, 5]", "Not the JSON expected here")]
    [InlineData("\"actual\": [9, 6, 5]", "\"actual\": null", "'actual' is null")]
    [InlineData("\"experts\": 3", "\"experts\": 2000000000", "'experts' is 2000000000")]
    [InlineData("\"experts\": 3", "\"experts\": 0", "'experts' is 0")]
    [InlineData("\"layer\": 4", "\"layer\": 1", "The layers do not ascend: 1 after 1")]
    [InlineData("\"top_k\": 2", "\"top_k\": 0", "'top_k' is 0")]
    [InlineData("statistics@1", "statistics@2", "'seer/statistics@2' is not the statistics schema")]
    public void The_readable_twin_says_what_is_wrong_and_where(string sound, string damaged, string message)
    {
        StatisticsFile.Write(_folder.Path, SomeStatistics.Whole());
        var json = File.ReadAllText(_folder["statistics.json"]);
        Assert.Contains(sound, json, StringComparison.Ordinal);
        var path = _folder.Write("damaged.json", json.Replace(sound, damaged, StringComparison.Ordinal));

        var error = Assert.Throws<InputException>(() => StatisticsFile.Read(path));

        Assert.StartsWith(message, error.What, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void A_readable_twin_without_fingerprint_is_of_an_unknown_checkpoint()
    {
        StatisticsFile.Write(_folder.Path, SomeStatistics.Whole());
        var json = File.ReadAllText(_folder["statistics.json"]).Replace("  \"checkpoint\": \"c0ffee\",\n", "", StringComparison.Ordinal);

        Assert.Equal("", StatisticsFile.Read(_folder.Write("by-hand.json", json)).Checkpoint);
    }

    [Theory]
    [InlineData("actual", new[] { 1.0, double.NaN }, "'layers.0.actual' has NaN at position 1")]
    [InlineData("soft", new[] { 1.0, 2, 3 }, "'layers.0.soft' has 3 numbers, 2 are expected")]
    [InlineData("max_abs", null, "'layers.0.max_abs' is absent")]
    [InlineData("tokens", new[] { 2.0 }, "Layer 0 counted 2 tokens, the whole 1")]
    [InlineData("entropy_sum", new[] { -1.0 }, "'layers.0.entropy' has -1 at position 0")]
    public void The_tensors_say_what_is_wrong(string tensor, double[]? values, string message)
    {
        var rows = new LayerStatistics(0, 2).Sums.Select(sum => sum.Name).ToDictionary(name => name, _ => new double[2]);
        rows["co_activation"] = new double[4];
        rows["entropy_sum"] = [1];
        rows["tokens"] = [1];
        if (values is null)
        {
            rows.Remove(tensor);
        }
        else
        {
            rows[tensor] = values;
        }

        var error = Assert.Throws<InputException>(() => StatisticsFile.Read(WriteTensors(rows)));

        Assert.StartsWith(message, error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_folder_is_refused()
    {
        var error = Assert.Throws<InputException>(() => StatisticsFile.Read(_folder.Path));

        Assert.Contains("neither statistics.safetensors nor statistics.json", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Somebody_elses_tensors_are_refused()
    {
        var path = _folder["weights.safetensors"];
        using (var writer = SafetensorsWriter.Create(path, []))
        {
            writer.Complete();
        }

        Assert.Contains("schema", Assert.Throws<InputException>(() => StatisticsFile.Read(path)).What, StringComparison.Ordinal);
    }

    private string WriteTensors(Dictionary<string, double[]> rows)
    {
        var path = _folder["statistics.safetensors"];
        var metadata = new Dictionary<string, string>
        {
            ["schema"] = "seer/statistics@1",
            ["architecture"] = "mixtral",
            ["checkpoint"] = "",
            ["tokens"] = "1",
            ["sequences"] = "1",
            ["top_k"] = "1",
        };
        using var writer = SafetensorsWriter.Create(path, [.. rows.Select(row => new TensorSpec($"layers.0.{row.Key}", DType.Float64, [row.Value.Length]))], metadata);
        foreach (var row in rows.Values)
        {
            writer.Write(MemoryMarshal.AsBytes<double>(row));
        }

        writer.Complete();
        return path;
    }
}
