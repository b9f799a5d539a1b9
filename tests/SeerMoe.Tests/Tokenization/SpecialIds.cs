using SeerMoe.Testing;
using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

public sealed class SpecialIds
{
    [Fact]
    public void Come_from_the_tokenizer_config_before_the_model_config() =>
        AssertIds(257, 256, """{ "bos_token": "<|pad|>", "eos_token": { "content": "<|endoftext|>" } }""", """{ "bos_token_id": 1, "eos_token_id": 2 }""");

    [Fact]
    public void Are_absent_where_the_tokenizer_config_says_null() =>
        AssertIds(256, 256, """{ "bos_token": null, "eos_token": "<|endoftext|>" }""", """{ "bos_token_id": 1 }""");

    [Fact]
    public void Come_from_the_model_config_where_there_is_no_tokenizer_config() =>
        AssertIds(1, 2, tokenizerConfig: null, """{ "bos_token_id": 1, "eos_token_id": [2, 3] }""");

    [Fact]
    public void Are_absent_where_no_file_names_them() => AssertIds(null, null, tokenizerConfig: null, config: null);

    [Fact]
    public void Are_refused_where_the_vocabulary_has_no_such_token() =>
        Assert.Contains("<s>", Assert.Throws<InputException>(() => AssertIds(null, null, """{ "bos_token": "<s>" }""", config: null)).What, StringComparison.Ordinal);

    private static void AssertIds(int? prefix, int? endOfText, string? tokenizerConfig, string? config)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Repository.Path("examples", "tiny-moe", "tokenizer.json"), folder["tokenizer.json"]);
        foreach (var (name, text) in new[] { ("tokenizer_config.json", tokenizerConfig), ("config.json", config) })
        {
            if (text is not null)
            {
                folder.Write(name, text);
            }
        }

        var tokenizer = TokenizerFolder.Open(folder.Path);
        Assert.Equal(prefix, tokenizer.Prefix);
        Assert.Equal(endOfText, tokenizer.EndOfText);
    }
}
