using SeerMoe.Checkpoints;
using SeerMoe.Digests;
using SeerMoe.Pruning;
using SeerMoe.Saving;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Tests.Evaluation;

public sealed class WhenAModelStandsBesideItsBase : IDisposable
{
    private static readonly PrunePlan Mask = new(null, null, null, null, null, [new LayerPlan(0, null, [0, 2], null), new LayerPlan(1, null, [1, 3], null)]);

    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _base;

    public WhenAModelStandsBesideItsBase()
    {
        _base = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        _folder.Write("tokens.jsonl", string.Concat(Enumerable.Range(0, 9).Select(line => $"{{\"input_ids\": [{string.Join(", ", Enumerable.Range(0, 5 + line).Select(i => ((line * 31) + (i * 7)) % 250))}]}}\n")));
        _folder.Write("facts.jsonl", string.Concat(Enumerable.Range(0, 12).Select(n => $"{{\"domain\": \"{(n % 2 == 0 ? "even" : "odd")}\", \"question\": \"{n} plus 1 is\", \"choices\": [\"{n + 1}\", \"{n + 22}\", \"x\"], \"answer\": {n % 2}}}\n")));
        _folder.Write("text.jsonl", "{\"text\": \"the owl saw\", \"domain\": \"birds\"}\n{\"text\": \"a hare ran\", \"domain\": \"hares\"}\n{\"text\": \"no name here\"}\n");
    }

    public void Dispose()
    {
        _base.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Its_divergence_is_that_of_all_logits_of_both()
    {
        var results = Beside(Mask).Results;

        Assert.Equal(Naive(), results["tokens"].KlToBase!.Value, 1e-6);
        Assert.True(results["tokens"].KlToBase > 0.001);
        Assert.Null(results["tokens"].Paired);
    }

    [Fact]
    public void The_base_itself_and_a_mask_that_drops_nothing_differ_in_nothing()
    {
        var (ofBase, beside) = (Base().Results, Beside(mask: null).Results);

        Assert.All(ofBase.Values, result => Assert.Equal((null, null), (result.KlToBase, result.Paired)));
        Assert.All(beside.Values, result => Assert.Equal(0, result.KlToBase));
        Assert.Equal(new PairedAnswers(12, 0, 0, 0), beside["facts"].Paired);
        Assert.Equal(1, beside["facts"].Paired!.PValue);
    }

    [Fact]
    public void Questions_are_paired_and_their_sums_agree_with_both_accuracies()
    {
        var (ofBase, beside) = (Base().Results["facts"], Beside(Mask).Results["facts"]);

        Assert.Equal((beside.Acc!.Value - ofBase.Acc!.Value) * 12, beside.Paired!.OnlyThisRight - beside.Paired.OnlyBaseRight, 1e-9);
        Assert.True(beside.KlToBase > 0);
    }

    [Fact]
    public void Domains_that_lines_name_have_results_of_their_own()
    {
        var results = Beside(Mask).Results;

        Assert.Equal(["facts", "facts/even", "facts/odd", "text", "text/birds", "text/hares", "tokens"], results.Keys);
        Assert.Equal(["facts", "facts", "text", "text"], results.Values.Select(result => result.Group).OfType<string>());
        Assert.Equal(results["facts"].Acc!.Value, (results["facts/even"].Acc!.Value + results["facts/odd"].Acc!.Value) / 2, 1e-12);
        Assert.Equal(results["facts"].Paired, PairedAnswers.Sum([results["facts/even"].Paired!, results["facts/odd"].Paired!]));
        Assert.Equal((3, 1, 11), (results["text"].N, results["text/birds"].N, results["text/birds"].Tokens));
    }

    [Fact]
    public void A_comparison_that_was_stopped_at_every_step_ends_with_the_same_numbers()
    {
        var whole = Beside(Mask);
        EvaluationResult? stopped = null;
        for (var start = 1; stopped is null; start++)
        {
            try
            {
                Run(null, BasePart.IsBase(Record("stopped")), Saved("1"), new StopsAt<Progress>(start));
                stopped = Run(Mask, BasePart.Beside(Record("stopped"), _base), Saved("2"), new StopsAt<Progress>(start));
            }
            catch (OperationCanceledException)
            {
                Assert.True(start < 60);
            }
        }

        Assert.Equal(SeerJson.Text(whole.Results), SeerJson.Text(stopped.Results));
        Assert.Equal(File.ReadAllBytes(_folder["record/states.bin"]), File.ReadAllBytes(_folder["stopped/states.bin"]));
    }

    [Fact]
    public void Another_vocabulary_is_refused()
    {
        Base();
        var config = PicoCheckpoint.ConfigText().Replace("\"vocab_size\": 258", "\"vocab_size\": 300", StringComparison.Ordinal);
        using var other = Checkpoint.Open(PicoCheckpoint.Write(_folder["other"], config: config));

        Assert.Contains("vocabularies", Assert.Throws<InputException>(() => Evaluating.Evaluate(other, Tasks, mask: null, Options, Oracle.Float32, part: BasePart.Beside(Record("record"), _base))).What, StringComparison.Ordinal);
    }

    private static readonly EvaluateOptions Options = new() { Batch = 2, Window = 32 };

    private IEvalTask[] Tasks =>
    [
        new EvalTask("tokens", TaskForm.Perplexity, new TextSource(_folder["tokens.jsonl"], TextFormat.Tokens)),
        new EvalTask("facts", TaskForm.MultipleChoice, new TextSource(_folder["facts.jsonl"])),
        new EvalTask("text", TaskForm.Perplexity, new TextSource(_folder["text.jsonl"], TextFormat.JsonLines)),
    ];

    private EvaluationResult Base() => Run(null, BasePart.IsBase(Record("record")));

    private EvaluationResult Beside(PrunePlan? mask)
    {
        Base();
        return Run(mask, BasePart.Beside(Record("record"), _base));
    }

    private EvaluationResult Run(PrunePlan? mask, BasePart part, SavePoint? save = null, IProgress<Progress>? progress = null) =>
        Evaluating.Evaluate(_base, Tasks, mask, Options, Oracle.Float32, progress, save: save, part: part);

    private BaseRecord Record(string name) => new(_folder[name]);

    private SavePoint Saved(string name) => new(_folder[$"saved/{name}"], TimeSpan.Zero, new DigestCache());

    /// <summary>Both models over each line by itself, all logits at once, in float64.</summary>
    private double Naive()
    {
        using var whole = MoeTransformer.Load(_base, Oracle.Float32);
        using var masked = MoeTransformer.Load(_base, Oracle.Float32, Mask);
        var (sum, tokens) = (0.0, 0);
        foreach (var line in TokenLines.Read(_folder["tokens.jsonl"], 258))
        {
            using var scope = NewDisposeScope();
            using var batch = TokenBatch.Of([line], whole.Device);
            Tensor LogP(MoeTransformer model) => log_softmax(ForwardPass.Logits(model, batch)[0].to_type(ScalarType.Float64), -1);
            var (p, q) = (LogP(whole), LogP(masked));
            sum += (p.exp() * (p - q)).sum(-1)[..(line.Ids.Length - 1)].sum().item<double>();
            tokens += line.Ids.Length - 1;
        }

        return sum / tokens;
    }
}
