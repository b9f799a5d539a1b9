using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Saving;
using SeerMoe.Tokenization;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Evaluation;

/// <summary>What a task's numbers are made of.</summary>
public enum TaskForm
{
    Perplexity,
    MultipleChoice,
}

/// <summary>A task of the user's own: a name, a form and a data file.</summary>
/// <param name="Source">Its format counts for perplexity only; questions are always jsonl.</param>
public sealed record EvalTask(string Name, TaskForm Form, TextSource Source);

/// <summary>How tasks are run.</summary>
public sealed record EvaluateOptions
{
    /// <summary>Longest input in tokens; null is the model's own limit, 2048 at most.</summary>
    public int? Window { get; init; }

    /// <summary>Sequences a forward pass.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Questions or documents of each task at most; null is all.</summary>
    public int? Limit { get; init; }
}

/// <summary>The results of all tasks, and what the model costs.</summary>
public sealed record EvaluationResult(IReadOnlyDictionary<string, TaskResult> Results, Footprint Footprint);

/// <summary>Stage 4: runs tasks on a checkpoint, or on a checkpoint some of whose experts are masked.</summary>
public static class Evaluating
{
    private const int LongestWindow = 2048;

    /// <param name="mask">Experts that the plan drops get router logit minus infinity; nothing is cut.</param>
    /// <param name="save">Given by a run: scores are kept as they come, and those that are there are not computed again; null for none.</param>
    /// <exception cref="InputException">Bad data, or a checkpoint that can't be run.</exception>
    public static EvaluationResult Evaluate(
        Checkpoint checkpoint, IReadOnlyList<EvalTask> tasks, PrunePlan? mask, EvaluateOptions options, Compute compute, IProgress<Progress>? progress = null, SavePoint? save = null)
    {
        if (mask is not null)
        {
            PruneChecks.RefuseUnfit(mask, ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config), "prune plan");
        }

        using var model = MoeTransformer.Load(checkpoint, compute, mask);
        var scored = new ScoredModel(model, options.Batch);
        var window = options.Window ?? Math.Min(model.Family.MaxPositions, LongestWindow);
        if (window > model.Family.MaxPositions)
        {
            throw new InputException($"A window of {window} tokens is longer than the {model.Family.MaxPositions} that the model was made for.", "--window", "Choose a shorter window.");
        }

        var tokenizer = new Lazy<ITokenizer>(() => ModelTokenizer.Open(checkpoint, model.Family.VocabularySize));
        var results = new SortedDictionary<string, TaskResult>(StringComparer.Ordinal);
        foreach (var task in tasks)
        {
            using var journal = save is null ? null : ScoreJournal.Open(save.PathOf($"scores-{results.Count + 1}.jsonl"));
            results.Add(task.Name, Run(task, journal, (done, total) => progress?.Report(new Progress($"requests of {task.Name}", done, total))));
        }

        return new EvaluationResult(results, Footprint.Of(checkpoint, mask));

        TaskResult Run(EvalTask task, ScoreJournal? journal, Action<int, int> done)
        {
            if (task.Form == TaskForm.Perplexity)
            {
                return task.Source.Format == TextFormat.Tokens
                    ? Perplexity.OfTokenLines(scored, task.Source.Path, model.Family.VocabularySize, options.Limit, done, journal)
                    : Perplexity.OfDocuments(scored, task.Source, tokenizer.Value, window, options.Limit, done, journal);
            }

            Question[] questions = [.. Question.Read(task.Source.Path).Take(options.Limit ?? int.MaxValue)];
            return MultipleChoice.Result(questions, scored.Score([.. MultipleChoice.Requests(questions, tokenizer.Value, window)], done, journal));
        }
    }
}
