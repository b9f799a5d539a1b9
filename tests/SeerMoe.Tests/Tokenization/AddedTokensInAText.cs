using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

public sealed class AddedTokensInAText
{
    [Theory]
    [InlineData("a<s>b", "a|<s>!|b")]
    [InlineData("<s><s>", "<s>!|<s>!")]
    [InlineData("     ", "    !| ")] // the longest first
    [InlineData("<s", "<s")]
    [InlineData("", "")]
    public void Are_cut_out_leftmost_and_longest(string text, string cuts) =>
        Assert.Equal(cuts, Cut(text, ("<s>", AddedTokenOptions.None), ("  ", AddedTokenOptions.None), ("    ", AddedTokenOptions.None)));

    [Theory]
    [InlineData("a \t<m>  b", "StripLeft", "a| \t<m>!|  b")]
    [InlineData("a \t<m>  b", "StripRight", "a \t|<m>  !|b")]
    [InlineData("<m> <m>", "StripLeft, StripRight", "<m> !|<m>!")] // the first one took the space
    public void Take_white_space_with_them(string text, string options, string cuts) =>
        Assert.Equal(cuts, Cut(text, ("<m>", Enum.Parse<AddedTokenOptions>(options))));

    [Theory]
    [InlineData("he", "he!")]
    [InlineData("the he-man", "the |he!|-man")]
    [InlineData("_he", "_he")]
    [InlineData("heⓐ", "heⓐ")]
    [InlineData("𝐁he", "𝐁he")]
    [InlineData("😀he", "😀|he!")]
    public void Stand_alone_where_they_are_single_words(string text, string cuts) => Assert.Equal(cuts, Cut(text, ("he", AddedTokenOptions.SingleWord)));

    [Fact]
    public void Leave_nothing_of_white_space_that_another_one_took() =>
        Assert.Equal("-   !", Cut("-   ", ("-", AddedTokenOptions.StripRight), ("  ", AddedTokenOptions.StripLeft)));

    [Fact]
    public void Are_looked_for_normalized_in_normalized_text()
    {
        const string Token = """[{ "id": 256, "content": "e\u0301", "single_word": false, "lstrip": false, "rstrip": false, "normalized": true, "special": false }]""";
        var tokenizer = TinyTokenizer.Open(("normalizer", """{ "type": "NFC" }"""), ("added_tokens", Token));
        Assert.Equal([256, 97, 256], tokenizer.Encode("\u00E9ae\u0301"));
    }

    private static string Cut(string text, params (string Content, AddedTokenOptions Options)[] tokens) => string.Join(
        '|',
        new AddedTokens(tokens.Select((token, id) => new AddedToken(token.Content, id, token.Options))).Cut(text)
            .Select(cut => text.Substring(cut.Start, cut.Length) + (cut.Id is null ? "" : "!")));
}
