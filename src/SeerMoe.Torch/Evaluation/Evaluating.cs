using System.Text.Json.Serialization;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Saving;
using SeerMoe.Tokenization;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Evaluation;

/// <summary>How tasks are run.</summary>
public sealed record EvaluateOptions
{
    /// <summary>Longest input in tokens; null is the model's own limit, 2048 at most.</summary>
    public int? Window { get; init; }

    /// <summary>Sequences a forward pass.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Questions or documents of each task (of each of its subjects) at most; null is all.</summary>
    public int? Limit { get; init; }
}

/// <summary>The results of all tasks, and what the model costs.</summary>
public sealed record EvaluationResult(IReadOnlyDictionary<string, TaskResult> Results, Footprint Footprint)
{
    /// <summary>In no file whose bytes are compared; null where all was known already.</summary>
    [JsonIgnore]
    public Speed? Speed { get; init; }
}

/// <summary>Stage 4: runs tasks on a checkpoint, or on a checkpoint some of whose experts are masked.</summary>
public static class Evaluating
{
    private const int LongestWindow = 2048;

    /// <param name="mask">Experts that the plan drops get router logit minus infinity; nothing is cut.</param>
    /// <param name="save">Given by a run: scores are kept as they come, and those that are there are not computed again; null for none.</param>
    /// <param name="samples">Told of each question and document of a defined task.</param>
    /// <param name="part">In a comparison with the base; null for none.</param>
    /// <exception cref="InputException">Bad data, or a checkpoint that can't be run.</exception>
    public static EvaluationResult Evaluate(
        Checkpoint checkpoint,
        IReadOnlyList<IEvalTask> tasks,
        PrunePlan? mask,
        EvaluateOptions options,
        Compute compute,
        IProgress<Progress>? progress = null,
        Action<Sample>? samples = null,
        SavePoint? save = null,
        BasePart? part = null) => Evaluate(checkpoint, tasks, [mask], options, compute, progress, samples, save, part)[0];

    /// <summary>
    /// The same under several masks, which go through the model together as long as they agree (see <see cref="MaskBranches"/>): the same
    /// bits as of each by itself.
    /// </summary>
    /// <param name="masks">One or more; a null masks nothing.</param>
    /// <param name="samples">Told of each question under each mask, mask by mask.</param>
    /// <returns>One result a mask. Nobody can tell how fast each of several was.</returns>
    /// <inheritdoc cref="Evaluate(Checkpoint, IReadOnlyList{IEvalTask}, PrunePlan?, EvaluateOptions, Compute, IProgress{Progress}?, Action{Sample}?, SavePoint?, BasePart?)"/>
    public static IReadOnlyList<EvaluationResult> Evaluate(
        Checkpoint checkpoint,
        IReadOnlyList<IEvalTask> tasks,
        IReadOnlyList<PrunePlan?> masks,
        EvaluateOptions options,
        Compute compute,
        IProgress<Progress>? progress = null,
        Action<Sample>? samples = null,
        SavePoint? save = null,
        BasePart? part = null)
    {
        var shape = ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config);
        foreach (var mask in masks.OfType<PrunePlan>())
        {
            PruneChecks.RefuseUnfit(mask, shape, "prune plan");
        }

        // Damaged rows are told before the first weight is read.
        (IEvalTask Task, int Requests)[] runs = [.. tasks.Select(task => Defined(task, options)).Select(task => (task, (task as DefinedTask)?.Check() ?? 0))];
        using var model = MoeTransformer.Load(checkpoint, compute, residency: PassMemory.Of(checkpoint, compute).Choose(compute, Size), packFrom: PackedMatrix.Worthwhile);
        var window = options.Window ?? Math.Min(model.Family.MaxPositions, LongestWindow);
        if (window > model.Family.MaxPositions)
        {
            throw new InputException($"A window of {window} tokens is longer than the {model.Family.MaxPositions} that the model was made for.", "--window", "Choose a shorter window.");
        }

        using var journal = save is not null ? ScoreJournal.Open(save.PathOf("scores.jsonl"), masks.Count) : masks.Count > 1 ? new ScoreJournal() : null;
        var branches = new MaskBranches([.. masks.Select(mask => ExpertMask.Of(mask, shape))]);
        var told = LayerProgress.Of(progress, model);
        var tokenizer = new Lazy<ITokenizer>(() => ModelTokenizer.Open(checkpoint, model.Family.VocabularySize));
        return [.. masks.Select(Under)];

        // The first is scored together with the others, which find their scores in the journal.
        EvaluationResult Under(PrunePlan? mask, int number)
        {
            model.Mask = branches.Mask(number)!;
            using var work = part?.Begin(checkpoint, compute);
            var scored = new ScoredModel(model, options.Batch, journal: journal, branches: branches) { Mask = number, Observer = work?.Observer };
            var results = new SortedDictionary<string, TaskResult>(StringComparer.Ordinal);
            foreach (var (task, requests) in runs)
            {
                void Done(int done, int total) => told?.Report(new Progress($"requests of {task.Name}", done, total) { Tokens = scored.TokensForwarded });
                foreach (var (name, result) in task switch
                {
                    DefinedTask defined => new TaskRun(scored, tokenizer.Value, window, work, samples, done => Done(done, requests)).Results(defined),
                    GenerationTask generation => [(task.Name, Generating.Run(generation, model, () => tokenizer.Value, options.Batch, Done))],
                    _ => OfText(scored, task.Name, ((EvalTask)task).Source, Done),
                })
                {
                    if (!results.TryAdd(name, result))
                    {
                        throw new InputException("Two results have the same name.", name, "Give one of the tasks another name.");
                    }
                }
            }

            work?.Finish();
            return new EvaluationResult(results, Footprint.Of(checkpoint, mask)) { Speed = masks.Count == 1 ? scored.Speed : null };
        }

        PassSize Size()
        {
            var vocabulary = checkpoint.Config.Positive("vocab_size");
            var longest = options.Window ?? Math.Min(checkpoint.Config.Positive("max_position_embeddings", LongestWindow), LongestWindow);
            return ScoringSize.Of(tasks, () => ModelTokenizer.Open(checkpoint, vocabulary), vocabulary, longest, options) with { IsCompared = part is not null, Masks = masks.Count };
        }

        IEnumerable<(string Name, TaskResult Result)> OfText(ScoredModel scored, string name, TextSource source, Action<int, int> done) => source.Format == TextFormat.Tokens
            ? [(name, Perplexity.OfTokenLines(scored, source.Path, model.Family.VocabularySize, options.Limit, done).Result(source.Path))]
            : Perplexity.OfDocuments(scored, Documents.Read(source).Take(options.Limit ?? int.MaxValue).Select(Plain), tokenizer.Value, window, done)
                .Named(name)
                .Select(named => (named.Name, named.Tally.Result(source.Path) with { Group = named.Group, Window = window }));
    }

    private static Document Plain(SourceDocument document) => new(document.Text.Replace("\r", string.Empty, StringComparison.Ordinal)) { Domain = document.Domain };

    private static IEvalTask Defined(IEvalTask task, EvaluateOptions options) => task switch
    {
        EvalTask { Form: TaskForm.MultipleChoice } own => OwnQuestions.Of(own.Name, own.Source.Path) with { Limit = options.Limit },
        DefinedTask defined => defined with { Limit = defined.Limit ?? options.Limit },
        _ => task,
    };
}
