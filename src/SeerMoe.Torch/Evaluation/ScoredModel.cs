using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// A language model as evaluation sees it. Requests with one input share a forward, inputs with one beginning share its keys and
/// values, batches are sorted by length, and logits exist only at scored positions, at most <see cref="HeadRows"/> of them at a time.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="batchSize">Sequences a forward pass.</param>
/// <param name="worthwhile">Tokens that a common beginning must save before it gets a pass of its own.</param>
public sealed class ScoredModel(MoeTransformer model, int batchSize, int worthwhile = 1024)
{
    private const int HeadRows = 1024;

    /// <summary>Tokens that went through the model so far, padding not counted.</summary>
    public long TokensForwarded { get; private set; }

    /// <summary>Tokens that would have, had each request been a forward of its own.</summary>
    public long TokensAsked { get; private set; }

    /// <summary>One score a request, in the order of the requests; tells how many of how many are done.</summary>
    public IReadOnlyList<Score> Score(IReadOnlyList<ScoreRequest> requests, Action<int, int>? done = null)
    {
        using var inference = inference_mode();
        var tally = new ScoreTally(requests);
        TokensAsked += requests.Sum(request => (long)request.Sequence.RealTokens - 1);
        foreach (var range in ScoringRow.Of(requests).GroupBy(row => model.Family.RotaryRange(row.Length)))
        {
            ScoreRange([.. range], tally, () => done?.Invoke(tally.Done, requests.Count));
        }

        done?.Invoke(requests.Count, requests.Count);
        NotFinite.Refuse(tally.Scores.Select(score => score.LogLikelihood), "a score");
        return tally.Scores;
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

    private void ScoreRange(IReadOnlyList<ScoringRow> rows, ScoreTally tally, Action done)
    {
        var alone = new List<ScoringRow>();
        foreach (var group in PrefixGroup.Of(rows, worthwhile))
        {
            if (group.Length == 0)
            {
                alone.AddRange(group.Rows);
                continue;
            }

            ScoreBehindPrefix(group, tally);
            done();
        }

        foreach (var batch in alone.OrderByDescending(row => row.Length).Chunk(batchSize))
        {
            ScoreBatch(batch, start: 0, batch[0].Length, prefix: null, tally);
            done();
        }
    }

    private void ScoreBehindPrefix(PrefixGroup group, ScoreTally tally)
    {
        using var prefix = new PrefixCache(model.Layers.Count);
        var longest = group.Rows.Max(row => row.Length);
        using (var scope = NewDisposeScope())
        {
            using var batch = TokenBatch.Of([new TokenSequence(group.Rows[0].Input.Ids[..group.Length])], model.Device, start: 0, longest);
            ForwardPass.Hidden(model, batch, observer: null, prefix);
            TokensForwarded += group.Length;
        }

        foreach (var batch in group.Rows.OrderByDescending(row => row.Length).Chunk(batchSize))
        {
            ScoreBatch(batch, group.Length, longest, prefix, tally);
        }
    }

    private void ScoreBatch(ScoringRow[] rows, int start, int longest, PrefixCache? prefix, ScoreTally tally)
    {
        using var scope = NewDisposeScope();
        using var batch = TokenBatch.Of([.. rows.Select(row => new TokenSequence(row.Input.Ids[start..], row.Input.Mask))], model.Device, start, longest);
        var hidden_ND = ForwardPass.Hidden(model, batch, observer: null, prefix).flatten(0, 1);
        TokensForwarded += rows.Sum(row => (long)row.Input.RealTokens - start);

        var places = rows.SelectMany((row, b) => row.Targets.Select(target => (target.Request, Row: (b * batch.Length) + target.Place - start, Target: (long)target.Token)));
        foreach (var chunk in places.Chunk(HeadRows))
        {
            var (logLikelihoods, best) = AtRows(hidden_ND, chunk);
            for (var i = 0; i < chunk.Length; i++)
            {
                tally.Add(chunk[i].Request, logLikelihoods[i], best[i] == chunk[i].Target);
            }
        }
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
