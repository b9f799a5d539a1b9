namespace SeerMoe.Tests.Tokenization;

/// <summary>Three families' own tokenizers against Hugging Face tokenizers 0.23.1, string by string.</summary>
public sealed class RealByteLevelTokenizers
{
    public static TheoryData<string> Names => ["qwen2", "olmoe", "olmo2_dolma2"];

    [Theory, MemberData(nameof(Names))]
    public void Encode_every_golden_string_to_the_same_ids(string name)
    {
        var golden = GoldenTokenizer.Open(name);
        Assert.All(golden.Cases, one => Assert.Equal(one.Ids, golden.Tokenizer.Encode(one.Text)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Decode_every_golden_sequence_to_the_same_text(string name)
    {
        var golden = GoldenTokenizer.Open(name);
        Assert.All(golden.Cases, one => Assert.Equal(one.Decoded, golden.Tokenizer.Decode(one.Ids)));
        Assert.All(golden.DecodeCases, one => Assert.Equal(one.Decoded, golden.Tokenizer.Decode(one.Ids)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Have_the_golden_vocabulary_size(string name)
    {
        var golden = GoldenTokenizer.Open(name);
        Assert.Equal(golden.VocabularySize, golden.Tokenizer.VocabularySize);
    }

    [Fact]
    public void Take_a_letter_beyond_the_basic_plane_for_a_letter()
    {
        // After a letter 's is a piece, and a token, of its own; after anything else ' would go with what stands before it.
        var tokenizer = GoldenTokenizer.Open("qwen2").Tokenizer;
        var possessive = Assert.Single(tokenizer.Encode("'s"));
        Assert.Equal([.. tokenizer.Encode("\U0001D401"), possessive], tokenizer.Encode("\U0001D401's"));
    }
}
