using SeerMoe.Tokenization;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Evaluation;

/// <summary>A defined task at work: subject by subject, a bounded number of requests at a time, so that memory stays flat.</summary>
/// <param name="window">Longest input, tokens.</param>
/// <param name="work">The model's part in a comparison with its base; null for none.</param>
/// <param name="samples">Told of each question and document, in order.</param>
/// <param name="done">Told of requests scored so far.</param>
internal sealed class TaskRun(ScoredModel model, ITokenizer tokenizer, int window, BaseWork? work, Action<Sample>? samples, Action<int>? done)
{
    // Requests scored at a time: enough to share prefixes and sort by length.
    private const int Chunk = 4096;

    private int _finished;

    /// <summary>Each subject, each group and the whole; of a task without subjects the whole and each domain that its rows name.</summary>
    public IEnumerable<(string Name, TaskResult Result)> Results(DefinedTask task)
    {
        if (task.Definition.Groups.Count == 0)
        {
            foreach (var result in Of(task, subject: null))
            {
                yield return result;
            }

            yield break;
        }

        var all = new List<TaskResult>();
        foreach (var group in task.Definition.Groups)
        {
            var groupName = task.NameOf(group.Name);
            var subjects = new List<TaskResult>();
            foreach (var subject in group.Subjects)
            {
                subjects.Add(Of(task, subject).First().Result with { Group = groupName });
                yield return (task.NameOf(subject), subjects[^1]);
            }

            all.AddRange(subjects);
            yield return (groupName, GroupMean.Of(subjects) with { Group = task.Name });
        }

        yield return (task.Name, GroupMean.Of(all));
    }

    private IEnumerable<(string Name, TaskResult Result)> Of(DefinedTask task, string? subject)
    {
        var results = task.Definition.Form == TaskForm.Perplexity ? Documents(task, subject) : Questions(task, subject);
        return results.Select(result => (result.Name, result.Result.Only(task.Metrics) with
        {
            Version = task.Definition.Version,
            Shots = task.Definition.FewShot is null ? null : task.Shots,
        }));
    }

    private IEnumerable<(string Name, TaskResult Result)> Questions(DefinedTask task, string? subject)
    {
        var tallies = new ByDomain<QuestionTally>(() => new QuestionTally(task.Definition.Form));
        var encoding = new RequestEncoding(tokenizer, window, task.CommonHeader(subject));
        var index = 0;
        foreach (var piece in Pieces(task.Questions(subject)))
        {
            var scores = model.Score([.. piece.SelectMany(encoding.Requests)], (some, _) => done?.Invoke(_finished + some)).ToArray().AsSpan();
            _finished += scores.Length;
            foreach (var question in piece)
            {
                var own = scores[..question.Options.Count];
                scores = scores[question.Options.Count..];
                var judged = MultipleChoice.Judge(question, own);
                foreach (var tally in tallies.Of(task.DomainOf(question.Row!)))
                {
                    tally.Add(judged, own);
                }

                samples?.Invoke(Sample.Of(task, subject, index++, question, own.ToArray(), judged));
            }
        }

        return [.. tallies.Named(task.NameOf(subject)).Select(named => (named.Name, named.Tally.Result() with { Group = named.Group, Paired = work?.Pair(named.Name, named.Tally.Answers) }))];
    }

    private IEnumerable<(string Name, TaskResult Result)> Documents(DefinedTask task, string? subject)
    {
        var index = 0;
        var tallies = Perplexity.OfDocuments(
            model,
            task.Documents(subject).Select(document => document with { Domain = task.DomainOf(document.Row!) }),
            tokenizer,
            window,
            scored: (document, score) =>
            {
                done?.Invoke(++_finished);
                samples?.Invoke(Sample.Of(task, subject, index++, document, score));
            });
        return tallies.Named(task.NameOf(subject)).Select(named => (named.Name, named.Tally.Result(task.Folder) with { Group = named.Group, Window = window }));
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
