using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Evaluation;

/// <summary>One input of the model, and all predictions that are read off it: requests with the same input share it.</summary>
/// <example>
/// The four choices A to D of a question are one forward:
/// <code>
/// input     ... Answer :          read at the last place: "A", "B", "C", "D"
/// </code>
/// </example>
/// <param name="Input">Without the last token of the requests, which predicts nothing.</param>
/// <param name="Targets">Which request wants which token after which place of the input.</param>
internal sealed record ScoringRow(TokenSequence Input, List<(int Request, int Place, int Token)> Targets)
{
    /// <summary>The first place whose prediction is read; what stands before it may be computed once for many rows.</summary>
    public int FirstPlace { get; private set; } = int.MaxValue;

    public int Length => Input.Ids.Length;

    /// <summary>Places whose prediction is read, each once.</summary>
    public int Places => Targets.DistinctBy(target => target.Place).Count();

    /// <summary>Rows of all requests, in the order in which their inputs first come. Requests without a scored token have none.</summary>
    public static List<ScoringRow> Of(IReadOnlyList<ScoreRequest> requests)
    {
        var rows = new Dictionary<TokenSequence, ScoringRow>(new SameTokens());
        for (var request = 0; request < requests.Count; request++)
        {
            var (sequence, scored) = requests[request];
            var length = Array.LastIndexOf(scored, value: true);
            if (length <= 0)
            {
                continue;
            }

            var input = new TokenSequence(sequence.Ids[..length], sequence.Mask?[..length]);
            if (!rows.TryGetValue(input, out var row))
            {
                rows.Add(input, row = new ScoringRow(input, []));
            }

            row.Add(request, sequence.Ids, scored);
        }

        return [.. rows.Values];
    }

    private void Add(int request, int[] ids, bool[] scored)
    {
        for (var position = 1; position < scored.Length; position++)
        {
            if (scored[position])
            {
                Targets.Add((request, position - 1, ids[position]));
                FirstPlace = Math.Min(FirstPlace, position - 1);
            }
        }
    }

    private sealed class SameTokens : IEqualityComparer<TokenSequence>
    {
        public bool Equals(TokenSequence? a, TokenSequence? b) =>
            a!.Ids.AsSpan().SequenceEqual(b!.Ids) && (a.Mask ?? []).AsSpan().SequenceEqual(b.Mask ?? []);

        public int GetHashCode(TokenSequence sequence)
        {
            var hash = default(HashCode);
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(sequence.Ids));
            return hash.ToHashCode();
        }
    }
}
