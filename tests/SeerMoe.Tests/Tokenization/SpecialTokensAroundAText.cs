namespace SeerMoe.Tests.Tokenization;

public sealed class SpecialTokensAroundAText
{
    private const string Template = """
        {
          "type": "TemplateProcessing",
          "single": [{ "SpecialToken": { "id": "<s>", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } }, { "SpecialToken": { "id": "</s>", "type_id": 0 } }],
          "pair": [],
          "special_tokens": { "<s>": { "id": "<s>", "ids": [256, 1], "tokens": ["<s>"] }, "</s>": { "id": "</s>", "ids": [257], "tokens": ["</s>"] } }
        }
        """;

    [Fact]
    public void Are_none_without_a_post_processor() => Assert.Equal([97], TinyTokenizer.Open().EncodeWithSpecialTokens("a"));

    [Fact]
    public void Are_those_of_the_template() => Assert.Equal([256, 1, 97, 257], TinyTokenizer.Open(("post_processor", Template)).EncodeWithSpecialTokens("a"));

    [Fact]
    public void Are_those_of_every_processor_in_a_sequence() => Assert.Equal(
        [256, 1, 97, 257],
        TinyTokenizer.Open(("post_processor", $$"""{ "type": "Sequence", "processors": [{ "type": "ByteLevel" }, {{Template}}] }""")).EncodeWithSpecialTokens("a"));

    [Fact]
    public void Are_left_out_of_the_text_on_demand()
    {
        var tokenizer = TinyTokenizer.Open();
        Assert.Equal("a<|endoftext|>b", tokenizer.Decode([97, 256, 98]));
        Assert.Equal("ab", tokenizer.DecodeWithoutSpecialTokens([97, 256, 98]));
    }

    [Fact]
    public void Are_spelled_by_their_file()
    {
        var tokenizer = TinyTokenizer.Open();
        Assert.Equal("<|endoftext|>", tokenizer.Token(256));
        Assert.Equal("Ġ", tokenizer.Token(' '));
        Assert.Null(tokenizer.Token(258));
        Assert.Null(tokenizer.Token(-1));
    }
}
