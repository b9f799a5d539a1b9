using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Tokens sorted by expert, so that each expert runs once on a contiguous segment.
/// <code>
/// Chosen (T=3, K=2)   {1,0} {2,1} {1,2}      slot = t * K + k:  0  1  2  3  4  5
/// expert of the slot                                            1  0  2  1  1  2
/// slots sorted by expert, then slot                             1 | 0  3  4 | 2  5
/// Counts                                                        1 |    3    |  2
/// Places                                                        1  0  4  2  3  5
/// </code>
/// </summary>
/// <param name="Experts">The expert of each slot, length T K.</param>
/// <param name="Counts">Slots of each expert, length E.</param>
/// <param name="Places">The place of each slot among those sorted by expert, length T K.</param>
public sealed record Dispatch(long[] Experts, long[] Counts, long[] Places)
{
    /// <summary>Sorted on the host, which must know the counts anyway.</summary>
    public static Dispatch Of(Tensor chosen_TK, int experts)
    {
        long[] chosen = chosen_TK.numel() == 0 ? [] : chosen_TK.cpu().contiguous().data<long>().ToArray();
        var counts = new long[experts];
        foreach (var expert in chosen)
        {
            counts[expert]++;
        }

        var next = new long[experts];
        for (var expert = 1; expert < experts; expert++)
        {
            next[expert] = next[expert - 1] + counts[expert - 1];
        }

        return new Dispatch(chosen, counts, Array.ConvertAll(chosen, expert => next[expert]++));
    }

    /// <summary>Which token stands in each row, and in which row each slot, where experts are given more rows than they have; what is left shows their first token once more.</summary>
    /// <param name="given">Rows of each expert.</param>
    /// <param name="topK">Slots of a token.</param>
    public (long[] Tokens, long[] Places) Rows(long[] given, int topK)
    {
        // From the place among the slots to that among the rows.
        var rows = new long[Places.Length];
        var tokens = new long[given.Sum()];
        long place = 0, row = 0;
        for (var expert = 0; expert < given.Length; row += given[expert], expert++)
        {
            for (long i = 0; i < Counts[expert]; i++)
            {
                rows[place++] = row + i;
            }
        }

        var places = Array.ConvertAll(Places, before => rows[before]);
        for (var slot = 0; slot < places.Length; slot++)
        {
            tokens[places[slot]] = slot / topK;
        }

        row = 0;
        for (var expert = 0; expert < given.Length; row += given[expert], expert++)
        {
            tokens.AsSpan((int)(row + Counts[expert]), (int)(given[expert] - Counts[expert])).Fill(given[expert] == 0 ? 0 : tokens[row]);
        }

        return (tokens, places);
    }
}
