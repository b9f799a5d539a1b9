using System.Runtime.InteropServices;
using SeerMoe.Architectures;
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

namespace SeerMoe.Torch.Tests.Evaluation;

/// <summary>Each mask by itself is the naive way; what they share must not show in a single bit.</summary>
public sealed class WhenMasksGoTogether : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Each_has_the_scores_that_it_has_alone_behind_common_beginnings_too(string fixture)
    {
        using var oracle = new Oracle(fixture);
        var (plans, requests) = (PlansFor(oracle.Checkpoint), Requests());
        foreach (var residency in (Residency[])[Residency.Resident, new Residency(Residence.Streamed, HiddenBytes: 0)])
        {
            using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32, residency: residency);
            using var journal = new ScoreJournal();
            var branches = Branches(oracle.Checkpoint, plans);
            for (var mask = 0; mask < plans.Length; mask++)
            {
                using var masked = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32, plans[mask]);
                var alone = new ScoredModel(masked, batchSize: 3, worthwhile: 1).Score(requests);
                var together = new ScoredModel(model, batchSize: 3, worthwhile: 1, journal, branches) { Mask = mask };
                Assert.Equal(alone, together.Score(requests));
                Assert.Equal(mask == 0, together.TokensForwarded > 0);
            }
        }
    }

    [Fact]
    public void None_sees_what_another_made_where_memory_runs_out()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var scarce = Oracle.Float32 with { Trial = part => { if (part.Sequences > 1) { throw new ExternalException("CUDA out of memory."); } } };
        var (plans, requests) = (PlansFor(checkpoint), Requests());
        using var model = MoeTransformer.Load(checkpoint, scarce);
        using var journal = new ScoreJournal();
        for (var mask = 0; mask < plans.Length; mask++)
        {
            using var masked = MoeTransformer.Load(checkpoint, scarce, plans[mask]);
            var alone = new ScoredModel(masked, batchSize: 4, worthwhile: 1).Score(requests);
            Assert.Equal(alone, new ScoredModel(model, batchSize: 4, worthwhile: 1, journal, Branches(checkpoint, plans)) { Mask = mask }.Score(requests));
        }
    }

    [Fact]
    public void They_part_where_their_experts_do()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var branches = Branches(checkpoint, [Plan(), Plan((1, [0, 1, 2])), Plan((1, [0, 1, 2])), Plan((0, [0, 1, 2, 3]), (1, [0, 1, 3]))]);

        Assert.Equal([[0, 1, 2, 3]], branches.Before(0));
        Assert.Equal([[0, 1, 2, 3]], branches.Before(1));
        Assert.Equal([[0], [1, 2], [3]], branches.Before(2));
    }

    [Fact]
    public void Their_results_are_those_of_evaluations_of_their_own_beside_the_base()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var (plans, tasks) = (PlansFor(checkpoint), Tasks());
        Evaluating.Evaluate(checkpoint, tasks, mask: null, Options, Oracle.Float32, part: BasePart.IsBase(new BaseRecord(_folder["record"])));

        var together = Together(checkpoint, plans);

        Assert.Equal(plans.Select(plan => SeerJson.Text(Evaluating.Evaluate(checkpoint, tasks, plan, Options, Oracle.Float32, part: Beside(checkpoint)))), together.Select(SeerJson.Text));
        Assert.NotEqual(SeerJson.Text(together[0].Results), SeerJson.Text(together[^1].Results));
        Assert.Equal(0, together[0].Results["tokens"].KlToBase);
        Assert.NotNull(together[^1].Results["facts"].Paired);
    }

    [Fact]
    public void Stopped_at_every_step_they_end_with_the_same_results()
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        var plans = PlansFor(checkpoint);
        Evaluating.Evaluate(checkpoint, Tasks(), mask: null, Options, Oracle.Float32, part: BasePart.IsBase(new BaseRecord(_folder["record"])));
        IReadOnlyList<EvaluationResult>? stopped = null;
        for (var start = 1; stopped is null; start++)
        {
            try
            {
                stopped = Together(checkpoint, plans, new SavePoint(_folder["saved"], TimeSpan.Zero, new DigestCache()), new StopsAt<Progress>(start));
            }
            catch (OperationCanceledException)
            {
                Assert.True(start < 200);
            }
        }

        Assert.Equal(Together(checkpoint, plans).Select(SeerJson.Text), stopped.Select(SeerJson.Text));
    }

    private static readonly EvaluateOptions Options = new() { Batch = 2, Window = 32 };

    private IReadOnlyList<EvaluationResult> Together(Checkpoint checkpoint, IReadOnlyList<PrunePlan?> plans, SavePoint? save = null, IProgress<Progress>? progress = null) =>
        Evaluating.Evaluate(checkpoint, Tasks(), plans, Options, Oracle.Float32, progress, save: save, part: Beside(checkpoint));

    private BasePart Beside(Checkpoint checkpoint) => BasePart.Beside(new BaseRecord(_folder["record"]), checkpoint);

    private IEvalTask[] Tasks() =>
    [
        new EvalTask("tokens", TaskForm.Perplexity, new TextSource(
            _folder.Write("tokens.jsonl", string.Concat(Enumerable.Range(0, 9).Select(line => $"{{\"input_ids\": [{string.Join(", ", Enumerable.Range(0, 5 + line).Select(i => ((line * 31) + (i * 7)) % 250))}]}}\n"))),
            TextFormat.Tokens)),
        new EvalTask("facts", TaskForm.MultipleChoice, new TextSource(
            _folder.Write("facts.jsonl", string.Concat(Enumerable.Range(0, 12).Select(n => $"{{\"domain\": \"{(n % 2 == 0 ? "even" : "odd")}\", \"question\": \"{n} plus 1 is\", \"choices\": [\"{n + 1}\", \"{n + 22}\", \"x\"], \"answer\": {n % 2}}}\n"))))),
        new GenerationTask("generation", new TextSource(_folder["tokens.jsonl"], TextFormat.Tokens), new GenerationOptions { Prompts = 3, PromptTokens = 5, NewTokens = 12 }),
    ];

    /// <summary>Nothing; the last layer; the same again; the last layer otherwise; all layers.</summary>
    private static PrunePlan?[] PlansFor(Checkpoint checkpoint)
    {
        var shape = ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config);
        var last = shape.MoeLayers[^1];
        var all = Plan([.. shape.MoeLayers.Select(layer => (layer, Most(layer, part: 1)))]);
        return [null, Plan((last, Most(last, part: 1))), Plan((last, Most(last, part: 1))), Plan((last, Most(last, part: 0))), all];

        // Every second expert where that leaves enough, else three of four: as many in each group.
        int[] Most(int layer, int part)
        {
            var half = Enumerable.Range(0, shape.ExpertsOf(layer)).Where(expert => expert % 2 == part).ToArray();
            return half.Length >= shape.LeastExperts ? half : [.. Enumerable.Range(0, shape.ExpertsOf(layer)).Where(expert => expert % 4 != part)];
        }
    }

    private static PrunePlan Plan(params (int Layer, int[] Survivors)[] layers) =>
        new(null, null, null, null, null, [.. layers.Select(layer => new LayerPlan(layer.Layer, null, [.. layer.Survivors], null))]);

    private static MaskBranches Branches(Checkpoint checkpoint, IEnumerable<PrunePlan?> plans)
    {
        var shape = ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config);
        return new MaskBranches([.. plans.Select(plan => ExpertMask.Of(plan, shape))]);
    }

    private static List<ScoreRequest> Requests()
    {
        int[] first = [.. Enumerable.Range(0, 30).Select(i => 3 + (i * 7 % 90))];
        return
        [
            .. from question in Enumerable.Range(0, 3) from letter in Enumerable.Range(0, 2) select ScoreRequest.Tail([.. first, 5, 60 + question, 8, 20 + letter], 1 + (question % 2)),
            ScoreRequest.Tail([4, 8, 15, 16, 23, 42], 5),
            new ScoreRequest(new TokenSequence([0, 0, 4, 8, 15, 16], [false, false, true, true, true, true]), [false, false, false, true, true, true]),
        ];
    }
}
