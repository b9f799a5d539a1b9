namespace SeerMoe.Tests.Tokenization;

/// <summary>
/// Three families' own tokenizer.model, alone, against sentencepiece 0.2.2, string by string; and against their tokenizer.json, which
/// differs in the strings below only: there control pieces that stand in the text are tokens, and text behind one begins anew with "▁".
/// </summary>
public sealed class RealSentencePieceModels
{
    private static readonly string[] WithControlPieces = ["<s>", "</s>", "<unk>", "a<s>b", "<s> hi </s>"];

    /// <summary>The model, and the strings in which it says something else than its tokenizer.json.</summary>
    public static TheoryData<string, string[]> Models => new()
    {
        { "llama2", WithControlPieces },
        { "mixtral", WithControlPieces },
        { "mixtral_v3", [.. WithControlPieces, "[INST] hello [/INST]"] },
    };

    [Theory, MemberData(nameof(Models))]
    public void Encode_every_golden_string_to_the_ids_of_sentencepiece(string name, string[] others)
    {
        var golden = GoldenTokenizer.OpenModel(name);
        Assert.Equal(253, golden.Cases.Count);
        Assert.All(golden.Cases, one => Assert.Equal(one.SentencePieceIds, golden.Tokenizer.Encode(one.Text)));
        Assert.Equal(others, golden.Cases.Where(one => !one.Ids.SequenceEqual(golden.Tokenizer.Encode(one.Text))).Select(one => one.Text));
    }

    [Theory, MemberData(nameof(Models))]
    public void Put_bos_before_every_golden_string(string name, string[] others)
    {
        var golden = GoldenTokenizer.OpenModel(name);
        Assert.All(
            golden.Cases.Where(one => !others.Contains(one.Text)),
            one => Assert.Equal(one.IdsWithSpecial, golden.Tokenizer.EncodeWithSpecialTokens(one.Text)));
    }

    [Theory, MemberData(nameof(Models))]
    public void Decode_every_golden_string_as_sentencepiece_does(string name, string[] others)
    {
        var golden = GoldenTokenizer.OpenModel(name);
        Assert.All(golden.Cases, one => Assert.Equal(one.SentencePieceDecoded, golden.Tokenizer.DecodeWithoutSpecialTokens(one.SentencePieceIds)));
        Assert.All(golden.Cases, one => Assert.Equal(one.Decoded, golden.Tokenizer.Decode(one.Ids)));
        Assert.NotEmpty(others);
    }

    [Theory, MemberData(nameof(Models))]
    public void Spell_every_golden_id_the_same(string name, string[] others)
    {
        var golden = GoldenTokenizer.OpenModel(name);
        Assert.All(golden.Cases, one => Assert.Equal(one.Tokens, one.Ids.Select(golden.Tokenizer.Token)));
        Assert.Equal(golden.VocabularySize, golden.Tokenizer.VocabularySize);
        Assert.NotEmpty(others);
    }

    [Theory, MemberData(nameof(Models))]
    public void Decode_every_golden_sequence_as_the_tokenizer_json_does(string name, string[] others)
    {
        var golden = GoldenTokenizer.OpenModel(name);
        Assert.All(golden.DecodeCases, one => Assert.Equal(one.Decoded, golden.Tokenizer.Decode(one.Ids)));
        Assert.NotEmpty(others);
    }
}
