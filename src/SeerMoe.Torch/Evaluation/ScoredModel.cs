using System.Diagnostics;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// A language model as evaluation sees it. Requests with one input share a forward, inputs with one beginning share its keys and
/// values, batches are sorted by length, and logits exist only at scored positions, once each and a bounded number at a time.
/// Several masks go through it together (see <see cref="MaskBranches"/>).
/// </summary>
/// <param name="model">The model.</param>
/// <param name="batchSize">Sequences a forward pass.</param>
/// <param name="worthwhile">Tokens that a common beginning must save before it gets a pass of its own.</param>
/// <param name="journal">Of the same requests under the same masks: the batches that it knows are not computed again; null for none.</param>
/// <param name="branches">Masks that all requests are scored under, for the journal; null for the model's own.</param>
public sealed class ScoredModel(MoeTransformer model, int batchSize, int worthwhile = ScoredModel.WorthwhileTokens, ScoreJournal? journal = null, MaskBranches? branches = null)
{
    /// <summary>Below that, a pass of a single short sequence costs more than it saves (measured on the quickstart).</summary>
    internal const int WorthwhileTokens = 1024;

    // 128 MB of float32: a vocabulary of 150,000 tokens gets 223 places at a time.
    private const int HeadElements = 1 << 25;
    private const int MostHeadRows = 1024;

    private readonly Stopwatch _clock = new();
    private Speed? _first;
    private (PrefixGroup Group, PrefixCache Cache, Wave Wave)? _prefix;
    private int _batches;
    private long _places;

    private readonly int _headRows = HeadRows(model.Family.VocabularySize);
    private readonly MaskBranches _branches = branches ?? new MaskBranches([]);

    /// <summary>Told of every scored place; null for nobody.</summary>
    internal IScoringObserver? Observer { get; init; }

    /// <summary>Number of the mask whose scores are asked for; those of the others go into the journal.</summary>
    public int Mask { get; init; }

    /// <summary>Tokens that went through the model so far, padding not counted, those of several masks once.</summary>
    public long TokensForwarded { get; private set; }

    /// <summary>Null before the first pass.</summary>
    public Speed? Speed => _first is { } first && TokensForwarded > first.Tokens ? new Speed(TokensForwarded - first.Tokens, _clock.Elapsed.TotalSeconds) : _first;

    /// <summary>Tokens that would have, had each request been a forward of its own.</summary>
    public long TokensAsked { get; private set; }

    /// <summary>Rows of logits in memory at once.</summary>
    public static int HeadRows(int vocabularySize) => Math.Clamp(HeadElements / vocabularySize, 1, MostHeadRows);

    /// <summary>One score a request, in the order of the requests; tells how many of how many are done.</summary>
    public IReadOnlyList<Score> Score(IReadOnlyList<ScoreRequest> requests, Action<int, int>? done = null)
    {
        using var inference = inference_mode();
        ScoreTally[] tallies = [.. Enumerable.Range(0, _branches.Masks).Select(_ => new ScoreTally(requests))];
        var tally = tallies[Mask];
        TokensAsked += requests.Sum(request => (long)request.Sequence.RealTokens - 1);
        try
        {
            foreach (var range in ScoringRow.Of(requests).GroupBy(row => model.Family.RotaryRange(row.Length)))
            {
                ScoreRange([.. range], tallies, () => done?.Invoke(tally.Done, requests.Count));
            }
        }
        finally
        {
            _prefix?.Cache.Dispose();
            _prefix = null;
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

    private void ScoreRange(IReadOnlyList<ScoringRow> rows, ScoreTally[] tallies, Action done)
    {
        // As many hidden states at once as of a single mask.
        foreach (var batches in Batches(rows).Select(Numbered).Chunk(Math.Max(1, model.Layers.PassesAtOnce / _branches.Masks)))
        {
            var unknown = Array.FindAll(batches, batch => !IsKnown(batch, tallies[Mask]));
            if (unknown.Length > 0)
            {
                Timed(() => ScoreWave(unknown, tallies, done));
            }

            done();
        }
    }

    private IEnumerable<ScoringBatch> Batches(IReadOnlyList<ScoringRow> rows)
    {
        var alone = new List<ScoringRow>();
        foreach (var group in PrefixGroup.Of(rows, worthwhile))
        {
            if (group.Length == 0)
            {
                alone.AddRange(group.Rows);
                continue;
            }

            var longest = group.Rows.Max(row => row.Length);
            foreach (var batch in group.Rows.OrderByDescending(row => row.Length).Chunk(batchSize))
            {
                yield return new ScoringBatch(batch, longest, group);
            }
        }

        foreach (var batch in alone.OrderByDescending(row => row.Length).Chunk(batchSize))
        {
            yield return new ScoringBatch(batch, batch[0].Length, Behind: null);
        }
    }

    private ScoringBatch Numbered(ScoringBatch batch)
    {
        var numbered = batch with { Number = _batches++, FirstPlace = _places };
        _places += batch.Places;
        return numbered;
    }

    private void Timed(Action pass)
    {
        _clock.Start();
        pass();
        _clock.Stop();
        if (_first is null)
        {
            _first = new Speed(TokensForwarded, _clock.Elapsed.TotalSeconds);
            _clock.Reset();
        }
    }

    private void ScoreWave(ScoringBatch[] batches, ScoreTally[] tallies, Action done)
    {
        using var scope = NewDisposeScope();
        using var wave = new Wave(model.Residency, _branches);
        var batchOf = new Dictionary<int, ScoringBatch>();
        foreach (var batch in batches)
        {
            var prefix = batch.Behind is { } group ? PrefixOf(group, batch.Longest, wave) : null;
            batchOf.Add(wave.Passes.Count, batch);
            wave.Add(new Pass(TokenBatch.Of([.. batch.Rows.Select(row => new TokenSequence(row.Input.Ids[batch.Start..], row.Input.Mask))], model.Device, batch.Start, batch.Longest), prefix));
            TokensForwarded += batch.Rows.Sum(row => (long)row.Input.RealTokens - batch.Start);
        }

        var last = _branches.Before(model.Layers.Count)[^1];
        ForwardPass.Run(model, wave, passed: model.IsStreamed ? done : null);
        ForwardPass.Finish(model, wave, (pass, masks, hidden_BSD) =>
        {
            if (!batchOf.TryGetValue(pass, out var batch))
            {
                return;
            }

            ScoreBatch(batch, hidden_BSD, tallies[masks[0]]);
            int[] requests = [.. RequestsOf(batch.Rows)];
            foreach (var same in masks[1..])
            {
                Array.ForEach(requests, request => tallies[same].Set(request, tallies[masks[0]].Of(request)));
            }

            if (masks == last)
            {
                journal?.Add([.. tallies.Select(tally => Array.ConvertAll(requests, tally.Of))]);
                done();
            }
        });
    }

    /// <summary>Keys and values of what a group has in common: filled by a pass of its own, before the first that stands behind it.</summary>
    /// <remarks>A streamed model keeps them for the wave, a resident one, whose waves are single batches, until another group comes.</remarks>
    private PrefixCache PrefixOf(PrefixGroup group, int longest, Wave wave)
    {
        if (_prefix is { } known && ReferenceEquals(known.Group, group) && (!model.IsStreamed || ReferenceEquals(known.Wave, wave)))
        {
            return known.Cache;
        }

        var prefix = new PrefixCache(model.Layers.Count, CacheUse.Prefix, _branches.Masks);
        if (model.IsStreamed)
        {
            wave.Own(prefix);
        }
        else
        {
            _prefix?.Cache.Dispose();
        }

        _prefix = (group, prefix, wave);
        wave.Add(new Pass(TokenBatch.Of([new TokenSequence(group.Rows[0].Input.Ids[..group.Length])], model.Device, start: 0, longest), prefix));
        TokensForwarded += group.Length;
        return prefix;
    }

    /// <summary>Whether the journal knows the batch; its scores are in the tally then.</summary>
    private bool IsKnown(ScoringBatch batch, ScoreTally tally)
    {
        int[] requests = [.. RequestsOf(batch.Rows)];
        if (journal?.Find(batch.Number, requests.Length) is not { } scores)
        {
            return false;
        }

        if (Observer?.Holds(batch.FirstPlace + batch.Places) == false)
        {
            throw new InputException("What an earlier process noted of the base is not whole.", "the unfinished run", "Run it again without --resume.");
        }

        foreach (var (request, score) in requests.Zip(scores[Mask]))
        {
            tally.Set(request, score);
        }

        return true;
    }

    // All requests of a row end in its batch, so their scores are final.
    private static IEnumerable<int> RequestsOf(ScoringRow[] rows) => rows.SelectMany(row => row.Targets.Select(target => target.Request)).Distinct();

    private void ScoreBatch(ScoringBatch batch, Tensor hidden_BSD, ScoreTally tally)
    {
        var (hidden_ND, length) = (hidden_BSD.flatten(0, 1), hidden_BSD.shape[1]);
        var place = batch.FirstPlace;
        foreach (var chunk in batch.Rows.SelectMany((row, b) => PlacesOf(row, (b * length) - batch.Start)).Chunk(_headRows))
        {
            ScorePlaces(hidden_ND, place, chunk, tally);
            place += chunk.Length;
        }
    }

    /// <summary>Places of a row by their row among all of the batch, each once: the choices of a question ask for several tokens at one.</summary>
    private static IEnumerable<(long Row, List<(int Request, int Token)> Wanted)> PlacesOf(ScoringRow row, long first) => row.Targets
        .GroupBy(target => target.Place, target => (target.Request, target.Token))
        .Select(place => (first + place.Key, place.ToList()));

    private void ScorePlaces(Tensor hidden_ND, long first, (long Row, List<(int Request, int Token)> Wanted)[] places, ScoreTally tally)
    {
        using var scope = NewDisposeScope();
        var states_RD = hidden_ND.index_select(0, tensor(Array.ConvertAll(places, place => place.Row), device: hidden_ND.device));
        var logP_RV = log_softmax(model.Ends.Logits(states_RD), -1);
        var best_R = logP_RV.argmax(-1).cpu().data<long>().ToArray();
        var divergence_R = Observer?.Observe(first, states_RD, logP_RV);

        long[] wanted = [.. places.SelectMany((place, r) => place.Wanted.Select(wanted => (r * logP_RV.shape[1]) + wanted.Token))];
        var chosen = logP_RV.flatten().index_select(0, tensor(wanted, device: logP_RV.device)).to_type(ScalarType.Float64).cpu().data<double>().ToArray();
        var next = 0;
        for (var r = 0; r < places.Length; r++)
        {
            foreach (var (request, token) in places[r].Wanted)
            {
                tally.Add(request, chosen[next++], best_R[r] == token, divergence_R?[r]);
            }
        }
    }

    /// <param name="Longest">Tokens of the longest row of the group, or of the batch where it stands behind no prefix.</param>
    /// <param name="Behind">What its rows have in common with others; null for none.</param>
    private sealed record ScoringBatch(ScoringRow[] Rows, int Longest, PrefixGroup? Behind)
    {
        public int Number { get; init; }

        /// <summary>Number of the first place whose prediction is read.</summary>
        public long FirstPlace { get; init; }

        public long Places => Rows.Sum(row => (long)row.Places);

        /// <summary>Tokens that the pass leaves out.</summary>
        public int Start => Behind?.Length ?? 0;
    }
}
