using SeerMoe.Tokenization.Steps;

namespace SeerMoe.Tests.Tokenization;

public sealed class SpacesMadeVisible
{
    [Theory]
    [InlineData("always", true, "▁a|▁|▁b", "▁c")]
    [InlineData("first", true, "▁a|▁|▁b", "c")]
    [InlineData("never", true, "a|▁|▁b", "c")]
    [InlineData("always", false, "▁a|▁▁|b", "▁c")]
    public void Begin_texts_as_the_scheme_says(string scheme, bool split, string atStart, string behindAToken)
    {
        // Uncut, the merge of two spaces comes first.
        var tokenizer = TinyTokenizer.OpenOfCharacters(
            ["▁", "a", "b", "c", "▁▁", "▁a", "▁b", "▁c"],
            ["▁ ▁", "▁ a", "▁ b", "▁ c"],
            ("pre_tokenizer", $$"""{ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}", "split": {{(split ? "true" : "false")}} }"""),
            ("added_tokens", """[{ "id": 9, "content": "<s>", "normalized": false, "special": true }]"""));
        Assert.Equal($"{atStart}|<s>|{behindAToken}", string.Join('|', tokenizer.Encode("a  b<s>c").Select(tokenizer.Token)));
    }

    [Fact]
    public void Are_not_doubled_before_a_text_that_begins_with_one()
    {
        Assert.Equal("▁a", Pieces.Of(" a", next => new Metaspace('▁', Prefixing.Always, next)));
        Assert.Equal("▁a", Pieces.Of("▁a", next => new Metaspace('▁', Prefixing.Always, next)));
        Assert.Equal("▁a", Pieces.Of("a", next => new Metaspace('▁', Prefixing.Always, next)));
        Assert.Equal(" a", Pieces.Of("a", next => new PrefixSpace(next)));
        Assert.Equal(" a", Pieces.Of(" a", next => new PrefixSpace(next)));
    }

    [Fact]
    public void Come_back_when_decoded()
    {
        const string Metaspace = """{ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always" }""";
        var tokenizer = TinyTokenizer.OpenOfCharacters(["▁", "a", "▁a"], ["▁ a"], ("pre_tokenizer", Metaspace), ("decoder", Metaspace));
        Assert.Equal("a  a", tokenizer.Decode(tokenizer.Encode("a  a")));
    }

    [Theory]
    [InlineData("▁a▁▁b▁", "▁a|▁▁b|▁")]
    [InlineData("a", "a")]
    [InlineData("▁▁", "▁▁")]
    [InlineData("a▁b▁c", "a|▁b|▁c")]
    public void Begin_words(string text, string words) => Assert.Equal(words, Pieces.Of(text, next => new SpacedWords(next)));
}
