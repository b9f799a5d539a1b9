using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// A language model as evaluation sees it. Requests run sorted by length, and logits exist only at scored positions,
/// at most <see cref="HeadRows"/> of them at a time.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="batchSize">Sequences a forward pass.</param>
public sealed class ScoredModel(MoeTransformer model, int batchSize)
{
    private const int HeadRows = 1024;

    /// <summary>One score a request, in the order of the requests; tells how many of how many are done.</summary>
    /// <param name="requests">What to score.</param>
    /// <param name="done">How many of how many.</param>
    /// <param name="journal">Of the same requests: batches that it knows are not computed again; null for none.</param>
    public IReadOnlyList<Score> Score(IReadOnlyList<ScoreRequest> requests, Action<int, int>? done = null, ScoreJournal? journal = null)
    {
        var scores = new Score[requests.Count];
        var finished = 0;
        int[] byLength = [.. Enumerable.Range(0, requests.Count).OrderByDescending(i => requests[i].Sequence.Ids.Length)];
        foreach (var group in byLength.Chunk(batchSize))
        {
            Score[] Compute() => ScoreBatch([.. group.Select(i => requests[i])]);
            var groupScores = journal?.Next(group.Length, Compute) ?? Compute();
            for (var i = 0; i < group.Length; i++)
            {
                scores[group[i]] = groupScores[i];
            }

            NotFinite.Refuse(groupScores.Select(score => score.LogLikelihood), "a score");
            done?.Invoke(finished += group.Length, requests.Count);
        }

        return scores;
    }

    /// <summary>The <paramref name="count"/> most likely tokens after a prompt, one after the other.</summary>
    public int[] Greedy(IReadOnlyList<int> prompt, int count)
    {
        using var inference = inference_mode();
        List<int> ids = [.. prompt];
        for (var i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            using var batch = TokenBatch.Of([new TokenSequence([.. ids])], model.Device);
            var last = ForwardPass.Hidden(model, batch).select(1, ids.Count - 1);
            ids.Add((int)model.Ends.Logits(last).argmax(-1).cpu().item<long>());
        }

        return [.. ids.Skip(prompt.Count)];
    }

    private Score[] ScoreBatch(IReadOnlyList<ScoreRequest> requests)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var batch = TokenBatch.Of([.. requests.Select(request => request.Sequence)], model.Device);
        var hidden_ND = ForwardPass.Hidden(model, batch).flatten(0, 1);

        var rows = new List<(int Request, long Row, long Target)>();
        for (var request = 0; request < requests.Count; request++)
        {
            var (sequence, scored) = requests[request];
            for (var position = 1; position < scored.Length; position++)
            {
                if (scored[position])
                {
                    rows.Add((request, (request * batch.Length) + position - 1, sequence.Ids[position]));
                }
            }
        }

        var sums = new double[requests.Count];
        var counts = new int[requests.Count];
        var greedy = new bool[requests.Count];
        Array.Fill(greedy, value: true);
        foreach (var chunk in rows.Chunk(HeadRows))
        {
            var (logLikelihoods, best) = AtRows(hidden_ND, chunk);
            for (var i = 0; i < chunk.Length; i++)
            {
                var (request, _, target) = chunk[i];
                sums[request] += logLikelihoods[i];
                counts[request]++;
                greedy[request] &= best[i] == target;
            }
        }

        return [.. Enumerable.Range(0, requests.Count).Select(i => new Score(sums[i], counts[i], greedy[i]))];
    }

    private (double[] LogLikelihoods, long[] Best) AtRows(Tensor hidden_ND, (int Request, long Row, long Target)[] rows)
    {
        using var scope = NewDisposeScope();
        var at = tensor(Array.ConvertAll(rows, row => row.Row), device: model.Device);
        var targets = tensor(Array.ConvertAll(rows, row => row.Target), device: model.Device);
        var logP = log_softmax(model.Ends.Logits(hidden_ND.index_select(0, at)), -1);
        var chosen = logP.gather(1, targets.unsqueeze(1)).squeeze(1).to_type(ScalarType.Float64);
        return (chosen.cpu().data<double>().ToArray(), logP.argmax(-1).cpu().data<long>().ToArray());
    }
}
