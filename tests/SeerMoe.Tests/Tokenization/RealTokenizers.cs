namespace SeerMoe.Tests.Tokenization;

/// <summary>Seven families' own tokenizer.json against Hugging Face tokenizers 0.23.1, string by string.</summary>
public sealed class RealTokenizers
{
    public static TheoryData<string> Names => ["deepseek_llm", "llama2", "mixtral", "mixtral_v3", "olmo2_dolma2", "olmoe", "qwen2"];

    [Theory, MemberData(nameof(Names))]
    public void Encode_every_golden_string_to_the_same_ids(string name)
    {
        var golden = GoldenTokenizer.Open(name);
        Assert.Equal(253, golden.Cases.Count);
        Assert.All(golden.Cases, one => Assert.Equal(one.Ids, golden.Tokenizer.Encode(one.Text)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Encode_every_golden_string_to_the_same_ids_when_pieces_are_remembered(string name)
    {
        var golden = GoldenTokenizer.Open(name);
        Assert.All(golden.Cases.Concat(golden.Cases.Reverse()), one => Assert.Equal(one.Ids, golden.Tokenizer.Encode(one.Text)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Put_the_same_special_tokens_around_every_golden_string(string name)
    {
        var golden = GoldenTokenizer.Open(name);
        Assert.All(golden.Cases, one => Assert.Equal(one.IdsWithSpecial, golden.Tokenizer.EncodeWithSpecialTokens(one.Text)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Spell_every_golden_id_the_same(string name)
    {
        var golden = GoldenTokenizer.Open(name);
        Assert.All(golden.Cases, one => Assert.Equal(one.Tokens, one.Ids.Select(golden.Tokenizer.Token)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Decode_every_golden_sequence_to_the_same_text(string name)
    {
        var golden = GoldenTokenizer.Open(name);
        Assert.All(golden.Cases, one => Assert.Equal(one.Decoded, golden.Tokenizer.Decode(one.Ids)));
        Assert.All(golden.DecodeCases, one => Assert.Equal(one.Decoded, golden.Tokenizer.Decode(one.Ids)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Leave_special_tokens_out_of_every_golden_sequence(string name)
    {
        var golden = GoldenTokenizer.Open(name);
        Assert.All(golden.Cases, one => Assert.Equal(one.DecodedSkipSpecial, golden.Tokenizer.DecodeWithoutSpecialTokens(one.Ids)));
        Assert.All(golden.Cases, one => Assert.Equal(one.DecodedSkipSpecial, golden.Tokenizer.DecodeWithoutSpecialTokens(one.IdsWithSpecial)));
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
