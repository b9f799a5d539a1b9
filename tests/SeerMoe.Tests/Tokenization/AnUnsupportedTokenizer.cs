using SeerMoe.Testing;
using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

public sealed class AnUnsupportedTokenizer
{
    [Theory]
    [InlineData("model.type", "\"Unigram\"", "model Unigram")]
    [InlineData("model.type", "null", "model null")]
    [InlineData("model.dropout", "0.1", "model BPE with dropout")]
    [InlineData("model.continuing_subword_prefix", "\"##\"", "model BPE with continuing_subword_prefix")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "model BPE with end_of_word_suffix")]
    [InlineData("model.shiny", "true", "model BPE with shiny")]
    [InlineData("shiny", "null", "the part shiny")]
    [InlineData("normalizer", """{ "type": "Lowercase" }""", "normalizer Lowercase")]
    [InlineData("normalizer", """{ "type": "NFKC" }""", "normalizer NFKC")]
    [InlineData("normalizer", """{ "type": "Sequence", "normalizers": [{ "type": "NFC" }, { "type": "Precompiled" }] }""", "normalizer Precompiled")]
    [InlineData("normalizer", """{ "type": "Replace", "pattern": { "Regex": "a" }, "content": "b" }""", "normalizer Replace with a regular expression")]
    [InlineData("normalizer", """{ "type": "NFC", "strength": 2 }""", "normalizer NFC with strength")]
    [InlineData("pre_tokenizer", """{ "type": "Whitespace" }""", "pre_tokenizer Whitespace")]
    [InlineData("pre_tokenizer", """{ "type": "Sequence", "pretokenizers": [{ "type": "ByteLevel" }, { "type": "Digits" }] }""", "pre_tokenizer ByteLevel with another pre_tokenizer behind it")]
    [InlineData("pre_tokenizer", """{ "type": "Split", "pattern": { "String": "a" }, "behavior": "Doubled" }""", "pre_tokenizer Split with behavior Doubled")]
    [InlineData("pre_tokenizer", """{ "type": "Metaspace", "replacement": "__" }""", "pre_tokenizer Metaspace with replacement of several characters")]
    [InlineData("pre_tokenizer", """{ "type": "Metaspace", "replacement": "_", "prepend_scheme": "last" }""", "pre_tokenizer Metaspace with prepend_scheme last")]
    [InlineData("pre_tokenizer", """{ "type": "Metaspace", "replacement": "_", "prepend_scheme": "first", "add_prefix_space": false }""", "pre_tokenizer Metaspace with add_prefix_space false beside prepend_scheme first")]
    [InlineData("post_processor", """{ "type": "BertProcessing" }""", "post_processor BertProcessing")]
    [InlineData("post_processor", """{ "type": "TemplateProcessing", "single": [], "pair": [], "special_tokens": {} }""", "post_processor TemplateProcessing with a text that does not stand once")]
    [InlineData("decoder", "null", "decoder null")]
    [InlineData("decoder", """{ "type": "WordPiece" }""", "decoder WordPiece")]
    [InlineData("decoder", """{ "type": "Sequence", "decoders": [{ "type": "Fuse" }, { "type": "CTC" }] }""", "decoder CTC")]
    [InlineData("added_tokens.0.glued", "true", "added token <|endoftext|> with glued")]
    public void Is_refused_by_the_name_of_its_component(string path, string json, string component)
    {
        var refusal = Assert.Throws<InputException>(() => TinyTokenizer.Open((path, json)));
        Assert.Equal($"The tokenizer has {component}, which is not supported.", refusal.What);
        Assert.EndsWith("tokenizer.json", refusal.Where, StringComparison.Ordinal);
        Assert.Contains("--format tokens", refusal.WhatToDo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[a]&&b]", "a class in a class")]
    [InlineData("[[:alpha:]]", "a class in a class")]
    [InlineData("\\\\w+", "the escape \\w")]
    [InlineData("\\\\p{Han}", "the escape \\p")]
    [InlineData("(?m:.)", "the group (?m")]
    [InlineData("a{,3}", "a quantifier without its lower bound")]
    [InlineData("a{2}+", "+ behind a quantifier in braces")]
    [InlineData("a)", "a ) without its (")]
    [InlineData("(?i:ß)", "other letters than ASCII's, without regard to case")]
    [InlineData("(?i:first)", "letters that have a ligature, without regard to case")]
    [InlineData("[𐐀-𐑏]\\\\p{L}", "characters beyond U+FFFF beside categories")]
    [InlineData("[𐐀-𐑏]|[𐐁]", "ranges that overlap beyond U+FFFF")]
    [InlineData("[À-ɏ]\\\\p{L}", "rare letters beside categories")]
    [InlineData("(", "an error")]
    public void Is_refused_by_what_its_pattern_has(string pattern, string what)
    {
        var split = $$"""{ "type": "Split", "pattern": { "Regex": "{{pattern}}" }, "behavior": "Isolated" }""";
        var refusal = Assert.Throws<InputException>(() => TinyTokenizer.Open(("pre_tokenizer", split)));
        Assert.StartsWith($"The tokenizer has pre_tokenizer Split by a pattern with {what}", refusal.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_refused_where_the_first_text_of_a_normalized_one_would_have_to_be_found()
    {
        var refusal = Assert.Throws<InputException>(() => TinyTokenizer.Open(
            ("normalizer", """{ "type": "NFC" }"""), ("pre_tokenizer", """{ "type": "Metaspace", "replacement": "_", "prepend_scheme": "first" }""")));
        Assert.Contains("prepend_scheme first behind a normalizer", refusal.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{ "model": { "type": "BPE" }, "decoder": { "type": "ByteLevel" } }""")]
    [InlineData("""{ "model": { "type": "BPE", "vocab": {}, "merges": [["a"]] }, "decoder": { "type": "ByteLevel" } }""")]
    public void Is_refused_when_it_is_not_of_the_form(string text)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", text);
        Assert.Contains("Not as Hugging Face writes this file", Refusal(folder.Path).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.merges", "[\"a b\"]")]
    [InlineData("model.merges", "[\"a\"]")]
    [InlineData("model.unk_token", "\"<unk>\"")]
    [InlineData("added_tokens.0.id", "-1")]
    [InlineData("added_tokens.0.id", "2000000000")]
    [InlineData("post_processor", """{ "type": "TemplateProcessing", "single": [{ "SpecialToken": { "id": "<s>" } }, { "Sequence": { "id": "A" } }], "special_tokens": {} }""")]
    public void Is_refused_when_its_parts_contradict_each_other(string path, string json) =>
        Assert.Contains("Not as Hugging Face writes this file", Assert.Throws<InputException>(() => TinyTokenizer.Open((path, json))).What, StringComparison.Ordinal);

    [Fact]
    public void Is_refused_with_the_way_out_when_it_is_absent()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("--format tokens", Refusal(folder.Path).WhatToDo, StringComparison.Ordinal);
    }

    private static InputException Refusal(string folder) => Assert.Throws<InputException>(() => TokenizerFolder.Open(folder));
}
