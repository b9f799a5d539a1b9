using SeerMoe.Tokenization;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Evaluation;

/// <summary>A defined task at work: subject by subject, a bounded number of requests at a time, so that memory stays flat.</summary>
/// <param name="window">Longest input, tokens.</param>
/// <param name="samples">Told of each question and document, in order.</param>
/// <param name="done">Told of requests scored so far.</param>
internal sealed class TaskRun(ScoredModel model, ITokenizer tokenizer, int window, Action<Sample>? samples, Action<int>? done)
{
    // Requests scored at a time: enough to share prefixes and sort by length.
    private const int Chunk = 4096;

    private int _finished;

    /// <summary>Each subject, each group and the whole; one result for a task without subjects.</summary>
    public IEnumerable<(string Name, TaskResult Result)> Results(DefinedTask task)
    {
        if (task.Definition.Groups.Count == 0)
        {
            yield return (task.Name, Of(task, subject: null));
            yield break;
        }

        var all = new List<TaskResult>();
        foreach (var group in task.Definition.Groups)
        {
            var groupName = task.NameOf(group.Name);
            var subjects = new List<TaskResult>();
            foreach (var subject in group.Subjects)
            {
                subjects.Add(Of(task, subject) with { Group = groupName });
                yield return (task.NameOf(subject), subjects[^1]);
            }

            all.AddRange(subjects);
            yield return (groupName, GroupMean.Of(subjects) with { Group = task.Name });
        }

        yield return (task.Name, GroupMean.Of(all));
    }

    private TaskResult Of(DefinedTask task, string? subject)
    {
        var result = task.Definition.Form == TaskForm.Perplexity ? Documents(task, subject) : Questions(task, subject);
        return result.Only(task.Metrics) with { Version = task.Definition.Version, Shots = task.Definition.FewShot is null ? null : task.Shots };
    }

    private TaskResult Questions(DefinedTask task, string? subject)
    {
        var tally = new QuestionTally();
        var header = task.Header(subject);
        var encoding = new RequestEncoding(tokenizer, window, header);
        var index = 0;
        foreach (var piece in Pieces(task.Questions(subject, header)))
        {
            var scores = model.Score([.. piece.SelectMany(encoding.Requests)], (some, _) => done?.Invoke(_finished + some)).ToArray().AsSpan();
            _finished += scores.Length;
            foreach (var question in piece)
            {
                var own = scores[..question.Options.Count];
                scores = scores[question.Options.Count..];
                var judged = MultipleChoice.Judge(question, own);
                tally.Add(judged);
                samples?.Invoke(Sample.Of(task, subject, index++, question, own.ToArray(), judged));
            }
        }

        return tally.Result(task.Definition.Form);
    }

    private TaskResult Documents(DefinedTask task, string? subject)
    {
        var index = 0;
        return Perplexity.OfDocuments(
            model,
            task.Documents(subject),
            task.Folder,
            tokenizer,
            window,
            scored: (document, score) =>
            {
                done?.Invoke(++_finished);
                samples?.Invoke(Sample.Of(task, subject, index++, document, score));
            });
    }

    private static IEnumerable<IReadOnlyList<Question>> Pieces(IEnumerable<Question> questions)
    {
        var piece = new List<Question>();
        var requests = 0;
        foreach (var question in questions)
        {
            piece.Add(question);
            requests += question.Options.Count;
            if (requests >= Chunk)
            {
                yield return piece;
                (piece, requests) = ([], 0);
            }
        }

        if (piece.Count > 0)
        {
            yield return piece;
        }
    }
}
