using FsCheck;
using FsCheck.Fluent;
using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

/// <summary>What a byte-level tokenizer makes of any text can be undone, up to the normalization that its file asks for.</summary>
public sealed class TextThatComesBack
{
    [Fact]
    public void Is_the_text_itself_without_a_normalizer()
    {
        var tokenizer = GoldenTokenizer.Open("olmo2_dolma2").Tokenizer;
        Prop.ForAll(Arb.From(Texts), text => tokenizer.Decode(tokenizer.Encode(text)) == WellFormed.Text(text)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Is_its_form_C_where_that_is_the_normalizer()
    {
        var tokenizer = GoldenTokenizer.Open("qwen2").Tokenizer;
        Prop.ForAll(Arb.From(Texts), text => tokenizer.Decode(tokenizer.Encode(text)) == CanonicalComposition.Normalize(WellFormed.Text(text))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Is_the_text_itself_through_byte_tokens_and_visible_spaces()
    {
        var (json, model) = (GoldenTokenizer.Open("mixtral").Tokenizer, GoldenTokenizer.OpenModel("mixtral").Tokenizer);
        Prop.ForAll(Arb.From(Texts), text =>
        {
            var plain = WellFormed.Text(text).Replace("▁", "", StringComparison.Ordinal).Replace("<", "", StringComparison.Ordinal);
            return json.Decode(json.Encode(plain)) == plain && model.Decode(model.Encode(plain)) == plain && json.Encode(plain).SequenceEqual(model.Encode(plain));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Words, spaces, letters beyond U+FFFF, marks, controls and halves of characters, thick enough to meet one another.</summary>
    private static Gen<string> Texts => Gen.OneOf(
        Gen.Elements("the", " ", "  ", "\n", "Hello", "'s", "12", "é", "e\u0301", "中", "𝐁", "😀", "\uD83D", "\0", "▁", "<s>", "<0x0A>", "각", "\u200D", "Ünï").ListOf().Select(string.Concat),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));
}
