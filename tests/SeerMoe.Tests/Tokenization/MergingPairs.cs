using FsCheck;
using FsCheck.Fluent;
using SeerMoe.Tokenization.Steps;

namespace SeerMoe.Tests.Tokenization;

public sealed class MergingPairs
{
    [Theory]
    [InlineData("lower", "low|e|r")]
    [InlineData("aaa", "aa|a")] // of equals the leftmost
    [InlineData("aaaa", "aa|aa")]
    [InlineData("x", "")] // no token, no unknown one
    [InlineData("lxo", "lo")] // what has no token is not there, also for merging
    public void Merges_the_earliest_pair_first_and_of_equals_the_leftmost(string text, string tokens)
    {
        var tokenizer = TinyTokenizer.OpenOfCharacters(["l", "o", "w", "e", "r", "a", "lo", "low", "aa"], ["l o", "lo w", "a a"]);
        Assert.Equal(tokens, string.Join('|', tokenizer.Encode(text).Select(tokenizer.Token)));
    }

    [Theory]
    [InlineData(true, true, "axxa", "a|<unk>|a")]
    [InlineData(true, false, "axxa", "a|<unk>|<unk>|a")]
    [InlineData(false, true, "éa", "<0xC3>|<0xA9>|a")]
    [InlineData(false, true, "xéxa", "<0xC3>|<0xA9>|<unk>|a")] // an unknown one waits for the next known character, as in tokenizers
    public void Spells_what_has_no_token_in_bytes_or_as_the_unknown_token(bool withoutBytes, bool fused, string text, string tokens)
    {
        var tokenizer = TinyTokenizer.OpenOfCharacters(
            ["<unk>", "a", "<0xC3>", "<0xA9>"],
            [],
            ("model.unk_token", "\"<unk>\""),
            ("model.byte_fallback", withoutBytes ? "false" : "true"),
            ("model.fuse_unk", fused ? "true" : "false"));
        Assert.Equal(tokens, string.Join('|', tokenizer.Encode(text).Select(tokenizer.Token)));
    }

    [Fact]
    public void Leaves_merges_aside_for_a_whole_token_when_told_to()
    {
        string[] vocabulary = ["a", "b", "c", "bc", "abc"];
        Assert.Equal([0, 3], TinyTokenizer.OpenOfCharacters(vocabulary, ["b c"]).Encode("abc"));
        Assert.Equal([4], TinyTokenizer.OpenOfCharacters(vocabulary, ["b c"], ("model.ignore_merges", "true")).Encode("abc"));
    }

    [Fact]
    public void Gives_what_merging_one_by_one_gives() => Prop.ForAll(Arb.From(Models), model =>
    {
        var (text, merges) = model;
        var ids = new List<int>();
        Step(merges).Encode(text, ids);
        return ids.SequenceEqual(OneByOne(text, merges));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Gives_the_same_word_by_word_where_no_token_has_a_space_within() => Prop.ForAll(Arb.From(Models), model =>
    {
        var (text, merges) = model;
        var outer = merges.Where(merge => !SpacedWords.HasSpaceWithin(merge.Whole)).ToList();
        var (whole, wordByWord) = (new List<int>(), new List<int>());
        Step(outer).Encode(text, whole);
        var words = new SpacedWords(Step(outer));
        words.Encode(text, wordByWord);
        words.Encode(text, wordByWord); // the second time from memory
        return wordByWord.SequenceEqual(whole.Concat(whole));
    }).QuickCheckThrowOnFailure();

    private sealed record Named(string Left, string Right)
    {
        public string Whole => Left + Right;
    }

    /// <summary>A text of three characters, and merges of what earlier merges made.</summary>
    private static Gen<(string Text, List<Named> Merges)> Models =>
        from text in Gen.Elements('a', 'b', SpacedWords.Space).NonEmptyListOf()
        from picks in Gen.Choose(0, 1000).ArrayOf(16)
        select (new string([.. text]), Merges(picks));

    private static List<Named> Merges(int[] picks)
    {
        List<string> tokens = ["a", "b", SpacedWords.Space.ToString()];
        var merges = new List<Named>();
        for (var i = 0; i + 1 < picks.Length; i += 2)
        {
            var merge = new Named(tokens[picks[i] % tokens.Count], tokens[picks[i + 1] % tokens.Count]);
            if (!tokens.Contains(merge.Whole))
            {
                tokens.Add(merge.Whole);
                merges.Add(merge);
            }
        }

        return merges;
    }

    private static int Id(string token, List<Named> merges) => token.Length == 1 ? token[0] : 100_000 + merges.FindIndex(merge => merge.Whole == token);

    private static BytePairs Step(List<Named> merges)
    {
        var first = new FirstTokens(new Dictionary<int, int> { ['a'] = 'a', ['b'] = 'b', [SpacedWords.Space] = SpacedWords.Space }, null, null, UnknownRuns.Apart);
        return new BytePairs(first, new MergeTable([.. merges.Select((merge, rank) => (Id(merge.Left, merges), Id(merge.Right, merges), new Merge(rank, Id(merge.Whole, merges))))]));
    }

    // The definition: look through all pairs again after every merge.
    private static IEnumerable<int> OneByOne(string text, List<Named> merges)
    {
        var tokens = text.Select(character => character.ToString()).ToList();
        while (true)
        {
            var best = Enumerable.Range(0, Math.Max(0, tokens.Count - 1))
                .Select(at => (Rank: merges.IndexOf(new Named(tokens[at], tokens[at + 1])), At: at))
                .Where(pair => pair.Rank >= 0)
                .DefaultIfEmpty((Rank: -1, At: -1))
                .Min();
            if (best.At < 0)
            {
                return tokens.Select(token => Id(token, merges));
            }

            tokens[best.At] += tokens[best.At + 1];
            tokens.RemoveAt(best.At + 1);
        }
    }
}
