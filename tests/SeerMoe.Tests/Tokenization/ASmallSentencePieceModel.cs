using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

public sealed class ASmallSentencePieceModel
{
    [Fact]
    public void Merges_the_best_piece_first_and_of_equals_the_leftmost()
    {
        var tokenizer = new SentencePieceFile("lo", "low", "l", "o", "w", "e", "r").Add("er", -1).Add("we", -1).Open();
        Assert.Equal("low|er", Tokens(tokenizer, "lower"));
        Assert.Equal("we|r", Tokens(tokenizer, "wer"));
    }

    [Fact]
    public void Has_user_defined_pieces_wherever_they_stand_and_never_merges_them()
    {
        var tokenizer = new SentencePieceFile("ab", "a", "b", "c").Add("ca", 0, SentencePieceFile.UserDefined).Open();
        Assert.Equal("ca|b", Tokens(tokenizer, "cab"));
        Assert.Equal("ab|ca|ca", Tokens(tokenizer, "abcaca"));
    }

    [Fact]
    public void Takes_control_pieces_in_the_text_for_text() =>
        Assert.Equal("<|s|>", Tokens(new SentencePieceFile("<", "s", ">").Open(), "<s>"));

    [Fact]
    public void Makes_one_unknown_piece_of_unknown_characters_in_a_row()
    {
        var tokenizer = new SentencePieceFile("a").Open();
        Assert.Equal([3, 0, 3], tokenizer.Encode("axya"));
        Assert.Equal("a<unk>a", tokenizer.Decode([3, 0, 3]));
        Assert.Equal("a \u2047 a", tokenizer.DecodeWithoutSpecialTokens([1, 3, 0, 3, 2]));
    }

    [Theory]
    [InlineData(true, false, true, " a  b ", "▁|▁a|▁|▁b|▁")]
    [InlineData(true, true, true, " a  b ", "▁a|▁b")]
    [InlineData(true, true, true, "   ", "")]
    [InlineData(false, false, true, "a b", "a|▁b")]
    [InlineData(false, false, false, "a b", "a| |b")]
    public void Treats_spaces_as_its_normalizer_says(bool prefix, bool removeExtra, bool escape, string text, string tokens)
    {
        var file = new SentencePieceFile("▁a", "▁b", "▁", "a", "b", " ") { AddDummyPrefix = prefix, RemoveExtraWhitespaces = removeExtra, EscapeWhitespaces = escape };
        Assert.Equal(tokens, Tokens(file.Open(), text));
    }

    [Fact]
    public void Leaves_out_the_space_that_the_normalizer_put_before_the_text()
    {
        var tokenizer = new SentencePieceFile("▁a", "▁", "a") { AddDummyPrefix = true }.Open();
        Assert.Equal(" a a", tokenizer.DecodeWithoutSpecialTokens([1, 4, 3, 3]));
        Assert.Equal("<s> a", tokenizer.Decode([1, 3]));
    }

    [Fact]
    public void Begins_texts_with_bos_unless_the_tokenizer_config_says_otherwise()
    {
        var bytes = new SentencePieceFile("a").Bytes();
        Assert.Equal([1, 3], SentencePieceFile.Open(bytes).EncodeWithSpecialTokens("a"));
        Assert.Equal([3, 2], SentencePieceFile.Open(bytes, """{ "add_bos_token": false, "add_eos_token": true }""").EncodeWithSpecialTokens("a"));
    }

    [Fact]
    public void Knows_its_own_beginning_and_end_of_text()
    {
        var bytes = new SentencePieceFile("a").Bytes();
        Assert.Equal((1, 2), (SentencePieceFile.Open(bytes).Prefix, SentencePieceFile.Open(bytes).EndOfText));
        Assert.Equal(3, SentencePieceFile.Open(bytes, """{ "eos_token": "a" }""").EndOfText);
    }

    [Fact]
    public void Is_read_only_where_there_is_no_tokenizer_json()
    {
        using var folder = new SeerMoe.Testing.TemporaryFolder();
        folder.Write("tokenizer.json", TinyTokenizer.Json);
        folder.Write("tokenizer.model", "no model at all");
        Assert.Equal(258, TokenizerFolder.Open(folder.Path).VocabularySize);
    }

    private static string Tokens(ITokenizer tokenizer, string text) => string.Join('|', tokenizer.Encode(text).Select(tokenizer.Token));
}
