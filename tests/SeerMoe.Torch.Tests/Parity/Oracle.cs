using System.Text.Json;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Testing;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Parity;

/// <summary>A tiny checkpoint with the results of the reference implementation.</summary>
internal sealed class Oracle : IDisposable
{
    private readonly JsonDocument _expected;
    private readonly SafetensorsFile _tensors;

    public Oracle(string fixture)
    {
        Folder = Fixtures.Folder(fixture);
        Checkpoint = Checkpoint.Open(Folder);
        _expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "expected.json")));
        _tensors = SafetensorsFile.Open(Path.Combine(Folder, "expected.safetensors"));
    }

    public string Folder { get; }

    public Checkpoint Checkpoint { get; }

    public JsonElement Root => _expected.RootElement;

    /// <summary>Every tiny checkpoint with the cases that it has.</summary>
    public static IReadOnlyList<(string Fixture, string[] Pruned, bool IsTrained)> All { get; } =
    [
        ("mixtral", ["prune", "prune_nonuniform"], true),
        ("mixtral_v5cfg_bf16", [], false),
        ("qwen2_moe", ["prune", "prune_nonuniform"], true),
        ("qwen3_moe", ["prune"], false),
        ("olmoe", ["prune"], true),
        ("deepseek_v2", ["prune"], true),
        ("deepseek_v2_yarn_group", [], false),
        ("deepseek_v3", [], false),
        ("glm4_moe", ["prune"], false),
        ("phimoe", [], false),
        ("gpt_oss", ["prune"], false),
        ("gpt_oss_mxfp4", [], false),
        ("granitemoe", ["prune"], false),
        ("minimax_m2", [], false),
        ("ernie4_5_moe", [], false),
    ];

    public static TheoryData<string> Names => [.. All.Select(one => one.Fixture)];

    /// <summary>The whole model, and both kinds of padding.</summary>
    public static TheoryData<string, string> WholeCases => Pairs(_ => ["base", "right_pad", "left_pad"]);

    public static TheoryData<string, string> PrunedCases => Pairs(one => one.Pruned);

    public static TheoryData<string> TrainedNames => [.. All.Where(one => one.IsTrained).Select(one => one.Fixture)];

    /// <summary>Float32 on the CPU: what the reference computed in.</summary>
    public static Compute Float32 { get; } = new(ComputeDevice.Parse("cpu"), ComputeType.Float32);

    /// <summary>Not every case stores every tensor.</summary>
    public bool Has(string tensorName) => _tensors.TryTensor(tensorName, out _);

    public double Tolerance(string name) => Root.GetProperty("tolerance").GetProperty(name).GetDouble();

    public JsonElement Case(string name) => Root.GetProperty("cases").GetProperty(name);

    public JsonElement LayerOf(string caseName, int layer) => Case(caseName).GetProperty("layers").GetProperty($"{layer}");

    public TokenSequence[] Sequences(string caseName)
    {
        var ids = Case(caseName).GetProperty("input_ids").Deserialize<int[][]>()!;
        var mask = Case(caseName).GetProperty("attention_mask").Deserialize<int[][]?>();
        return [.. ids.Select((row, i) => new TokenSequence(row, mask is null ? null : Array.ConvertAll(mask[i], value => value == 1)))];
    }

    /// <summary>The case as a data file of token lines.</summary>
    public string WriteTokens(string caseName, TemporaryFolder folder) =>
        folder.Write($"{caseName}.jsonl", string.Concat(Sequences(caseName).Select(sequence => JsonSerializer.Serialize(
            new { input_ids = sequence.Ids, attention_mask = sequence.Mask is null ? null : Array.ConvertAll(sequence.Mask, real => real ? 1 : 0) },
            SeerJson.Line) + "\n")));

    public PrunePlan Plan(string caseName) => new(null, null, null, null, null,
        [.. Case(caseName).GetProperty("keep").EnumerateObject().Select(layer => new LayerPlan(
            int.Parse(layer.Name), null, [.. layer.Value.Deserialize<int[]>()!], null))]);

    public IEnumerable<string> TensorNames => _tensors.Header.Tensors.Select(entry => entry.Spec.Name);

    /// <summary>A reference tensor in float32; int32 stays.</summary>
    public Tensor Tensor(string name)
    {
        var view = _tensors.Tensor(name);
        return TensorBytes.Load(view, view.Spec.DType == DType.Int32 ? ScalarType.Int32 : ScalarType.Float32, CPU);
    }

    private static TheoryData<string, string> Pairs(Func<(string Fixture, string[] Pruned, bool IsTrained), string[]> cases)
    {
        var data = new TheoryData<string, string>();
        foreach (var one in All)
        {
            foreach (var name in cases(one))
            {
                data.Add(one.Fixture, name);
            }
        }

        return data;
    }

    public void Dispose()
    {
        Checkpoint.Dispose();
        _tensors.Dispose();
        _expected.Dispose();
    }
}
