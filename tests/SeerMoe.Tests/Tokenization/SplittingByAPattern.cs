using SeerMoe.Tokenization.Steps;

namespace SeerMoe.Tests.Tokenization;

public sealed class SplittingByAPattern
{
    [Theory]
    [InlineData("Isolated", "a--b-", "a|-|-|b|-")]
    [InlineData("Removed", "a--b-", "a|b")]
    [InlineData("MergedWithPrevious", "a--b-", "a-|-|b-")]
    [InlineData("MergedWithPrevious", "-a", "-|a")]
    [InlineData("MergedWithNext", "a--b-", "a|-|-b|-")]
    [InlineData("MergedWithNext", "-a", "-a")]
    [InlineData("Contiguous", "a--b-", "a|--|b|-")]
    public void Does_with_the_delimiters_what_the_behavior_says(string behavior, string text, string pieces) => Assert.Equal(pieces, Split(text, "-", behavior));

    [Fact]
    public void Takes_the_gaps_for_delimiters_when_inverted() =>
        Assert.Equal("12|3", Pieces.Of("a12bc3", next => new PatternSplit(OnigurumaPattern.Read("\\d+"), SplitBehavior.Removed, Delimiters.Gaps, next)));

    [Theory]
    [InlineData("\\p{L}+", "𝐁a 1", "𝐁a| 1")] // a letter beyond U+FFFF
    [InlineData("\\p{N}", "𝟏a", "𝟏|a")]
    [InlineData("[a𐐀-𐑏]+", "a𐐂𐑏𐐀b𝐁", "a𐐂𐑏𐐀|b𝐁")] // a range beyond U+FFFF
    [InlineData("[^a]", "a𝐁a", "a|𝐁|a")] // one code point, not two halves
    [InlineData(".", "𝐁𐐂", "𝐁|𐐂")]
    [InlineData("[a-zÀ-Ɏ]+", "a𝐁b", "a|𝐁|b")] // no stand-in is in the range
    public void Sees_code_points(string pattern, string text, string pieces) => Assert.Equal(pieces, Split(text, pattern, "Isolated"));

    [Theory]
    [InlineData("\\s+$", "a \nb ", "a| |\nb| ")] // every line has an end
    [InlineData("^a", "a\na", "a|\n|a")]
    [InlineData("a++b?", "aab", "aab")]
    [InlineData("(?:a|ab)++c", "abc", "abc")] // possessive: takes "a" and does not come back, so "abc" is none
    [InlineData("(?i:'s)", "x'ſ", "x|'ſ")] // the long s is an s
    [InlineData("(?i:[r-t])+", "xSſT", "x|SſT")]
    [InlineData("(?i:a)b", "AbAB", "Ab|AB")]
    [InlineData("[-a]{2}", "x-a{", "x|-a|{")]
    [InlineData("a{", "a{b", "a{|b")]
    public void Reads_patterns_as_Oniguruma_does(string pattern, string text, string pieces) => Assert.Equal(pieces, Split(text, pattern, "Isolated"));

    [Fact]
    public void Shows_later_patterns_one_piece_only() => Assert.Equal(
        "a | b", // " " is at the end of its piece, though not of the text
        Pieces.Of("a  b", next => Step("(?<=a )", "Isolated", Step(" $", "MergedWithPrevious", next))));

    private static string Split(string text, string pattern, string behavior) => Pieces.Of(text, next => Step(pattern, behavior, next));

    private static PatternSplit Step(string pattern, string behavior, IEncodingStep next) =>
        new(OnigurumaPattern.Read(pattern), Enum.Parse<SplitBehavior>(behavior), Delimiters.Matches, next);
}
