using SeerMoe.Testing;
using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

public sealed class AnUnsupportedTokenizer
{
    [Theory]
    [InlineData("llama2", "model BPE with unk_token")]
    [InlineData("mixtral", "model BPE with unk_token")]
    [InlineData("mixtral_v3", "model BPE with unk_token")]
    [InlineData("deepseek_llm", "pre_tokenizer Sequence[Split, Split, Split, Split, Split, Digits, ByteLevel]")]
    public void Is_refused_by_the_name_of_its_component(string name, string component) =>
        AssertRefused(component, Fixtures.Tokenizer(name));

    [Theory]
    [InlineData("\"type\": \"BPE\"", "\"type\": \"Unigram\"", "model Unigram")]
    [InlineData("\"ignore_merges\": false", "\"ignore_merges\": true", "model BPE with ignore_merges")]
    [InlineData("\"dropout\": null", "\"dropout\": 0.1", "model BPE with dropout")]
    [InlineData("\"normalizer\": null", "\"normalizer\": { \"type\": \"Lowercase\" }", "normalizer Lowercase")]
    [InlineData("\"pre_tokenizer\": {", "\"pre_tokenizer\": { \"type\": \"Metaspace\" }, \"x\": {", "pre_tokenizer Metaspace")]
    [InlineData("\"pre_tokenizer\": {", "\"pre_tokenizer\": null, \"x\": {", "an absent pre_tokenizer")]
    [InlineData("\"add_prefix_space\": false", "\"add_prefix_space\": true", "pre_tokenizer ByteLevel with add_prefix_space")]
    [InlineData("\"decoder\": {", "\"decoder\": { \"type\": \"WordPiece\" }, \"x\": {", "decoder WordPiece")]
    [InlineData("\"lstrip\": false", "\"lstrip\": true", "added token <|endoftext|> with lstrip")]
    public void Is_refused_when_one_component_of_a_good_one_is_changed(string part, string changed, string component)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(part, TinyModel, StringComparison.Ordinal);
        folder.Write("tokenizer.json", TinyModel.Replace(part, changed, StringComparison.Ordinal));
        AssertRefused(component, folder.Path);
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
    [InlineData("\"merges\": []", "\"merges\": [\"a b\"]")]
    [InlineData("\"id\": 257", "\"id\": -1")]
    public void Is_refused_when_its_vocabulary_contradicts_itself(string part, string changed)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", TinyModel.Replace(part, changed, StringComparison.Ordinal));
        Assert.Contains("Not as Hugging Face writes this file", Refusal(folder.Path).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_refused_with_the_way_out_when_it_is_absent()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("--format tokens", Refusal(folder.Path).WhatToDo, StringComparison.Ordinal);
    }

    private static string TinyModel => File.ReadAllText(Repository.Path("examples", "tiny-moe", "tokenizer.json"));

    private static void AssertRefused(string component, string folder)
    {
        var refusal = Refusal(folder);
        Assert.Equal($"The tokenizer has {component}, which is not supported.", refusal.What);
        Assert.EndsWith("tokenizer.json", refusal.Where, StringComparison.Ordinal);
    }

    private static InputException Refusal(string folder) => Assert.Throws<InputException>(() => TokenizerFolder.Open(folder));
}
