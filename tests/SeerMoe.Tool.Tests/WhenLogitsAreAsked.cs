using System.Text.Json.Nodes;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>`seer logits` against the reference results of a tiny checkpoint.</summary>
public sealed class WhenLogitsAreAsked : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private readonly string _mixtral = Fixtures.Folder("mixtral");

    private readonly JsonNode _expected;

    public WhenLogitsAreAsked() => _expected = JsonNode.Parse(File.ReadAllBytes(Path.Combine(_mixtral, "expected.json")))!;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("base")]
    [InlineData("right_pad")]
    [InlineData("left_pad")]
    public void They_are_those_of_the_reference_line_by_line(string caseName)
    {
        var logits = Seer.Run("logits", "--model", _mixtral, "--data", WriteLines(caseName), "--format", "tokens", "--device", "cpu", "--output", _folder["logits.safetensors"]);
        Assert.Equal((0, $"logits: {_folder["logits.safetensors"]}\n"), (logits.ExitCode, logits.Output));

        using var reference = SafetensorsFile.Open(Path.Combine(_mixtral, "expected.safetensors"));
        using var written = SafetensorsFile.Open(_folder["logits.safetensors"]);
        var expected = reference.Tensor($"{caseName}.logits");
        var (lines, length, vocabulary) = (expected.Spec.Shape[0], expected.Spec.Shape[1], expected.Spec.Shape[2]);
        Assert.Equal(Enumerable.Range(0, (int)lines).Select(line => $"logits.{line}"), written.Header.Tensors.Select(tensor => tensor.Spec.Name));
        var all = new List<float>();
        for (var line = 0; line < lines; line++)
        {
            var tensor = written.Tensor($"logits.{line}");
            Assert.Equal(DType.Float32, tensor.Spec.DType);
            Assert.Equal([length, vocabulary], tensor.Spec.Shape);
            all.AddRange(tensor.ToFloats());
        }

        var tolerance = (double)_expected["tolerance"]!["logits_atol"]!;
        Assert.All(all.Zip(expected.ToFloats()), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance));
    }

    [Fact]
    public void They_are_zero_at_padding()
    {
        Seer.Run("logits", "--model", _mixtral, "--data", WriteLines("right_pad"), "--device", "cpu", "--output", _folder["logits.safetensors"]);

        using var written = SafetensorsFile.Open(_folder["logits.safetensors"]);
        var line = written.Tensor("logits.1");
        var mask = _expected["cases"]!["right_pad"]!["attention_mask"]![1]!.AsArray();
        Assert.Contains(mask, real => (int)real! == 0);
        foreach (var (row, real) in line.ToFloats().Chunk((int)line.Spec.Shape[1]).Zip(mask))
        {
            Assert.Equal((int)real! == 0, row.All(logit => logit == 0));
        }
    }

    [Theory]
    [InlineData("gpu", "'gpu' is no device.", "Use cpu, cuda, cuda:N (N from 0) or auto.")]
    [InlineData("cuda:999", "There is no CUDA device", "Use ")]
    public void A_device_that_is_not_there_is_said_in_three_lines_and_nothing_is_written(string device, string what, string whatToDo)
    {
        Seer.Run("logits", "--model", _mixtral, "--data", WriteLines("base"), "--format", "tokens", "--device", device, "--output", _folder["logits.safetensors"])
            .AssertRefused(what, "--device", whatToDo);
        Assert.False(File.Exists(_folder["logits.safetensors"]));
    }

    private string WriteLines(string caseName)
    {
        var reference = _expected["cases"]![caseName]!;
        var lines = reference["input_ids"]!.AsArray().Select((ids, line) => new JsonObject
        {
            ["input_ids"] = ids!.DeepClone(),
            ["attention_mask"] = reference["attention_mask"]?[line]?.DeepClone() ?? new JsonArray([.. ids!.AsArray().Select(_ => (JsonNode)1)]),
        });
        return _folder.Write($"{caseName}.jsonl", string.Concat(lines.Select(line => line.ToJsonString() + "\n")));
    }
}
