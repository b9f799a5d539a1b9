using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SeerMoe.Testing;
using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

/// <summary>One token a byte, no merges.</summary>
public sealed class TheTokenizerOfTheTinyModel
{
    private static readonly ITokenizer Tokenizer = TokenizerFolder.Open(Repository.Path("examples", "tiny-moe"));

    [Fact]
    public void Gives_every_byte_its_own_value() =>
        Prop.ForAll<string?>(text => Tokenizer.Encode(text ?? "").SequenceEqual(Utf8(text ?? ""))).QuickCheckThrowOnFailure();

    [Fact]
    public void Gives_back_any_text_with_lone_surrogates_replaced() =>
        Prop.ForAll<string?>(text => Tokenizer.Decode(Tokenizer.Encode(text ?? "")) == WellFormed(text ?? "")).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("\uD800")]
    [InlineData("a\uDC00b")]
    [InlineData("\uD83D<|endoftext|>")]
    public void Reads_a_lone_surrogate_as_the_replacement_character(string text) =>
        Assert.Equal(WellFormed(text), Tokenizer.Decode(Tokenizer.Encode(text)));

    [Fact]
    public void Decodes_bytes_that_are_no_text_to_the_replacement_character() =>
        Assert.Equal("a\uFFFDb", Tokenizer.Decode([97, 0xFF, 98]));

    [Fact]
    public void Ignores_ids_that_it_does_not_know() => Assert.Equal("a", Tokenizer.Decode([-1, 97, 258]));

    [Fact]
    public void Recognises_added_tokens_in_the_text() =>
        Assert.Equal([97, 256, 257, 98], Tokenizer.Encode("a<|endoftext|><|pad|>b"));

    [Fact]
    public void Has_258_tokens_and_begins_and_ends_documents_with_the_same_one()
    {
        Assert.Equal(258, Tokenizer.VocabularySize);
        Assert.Equal(256, Tokenizer.EndOfText);
        Assert.Equal(256, Tokenizer.Prefix);
    }

    private static IEnumerable<int> Utf8(string text) => Encoding.UTF8.GetBytes(text).Select(value => (int)value);

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
