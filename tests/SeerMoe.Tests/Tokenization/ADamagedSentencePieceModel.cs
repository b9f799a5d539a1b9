using FsCheck;
using FsCheck.Fluent;

namespace SeerMoe.Tests.Tokenization;

/// <summary>Whatever is wrong with a tokenizer.model is told in three lines, and takes no memory first.</summary>
public sealed class ADamagedSentencePieceModel
{
    private static readonly byte[] Good = new SentencePieceFile("ab", "a", "b").Bytes();

    [Fact]
    public void Is_told_wherever_it_ends() => Assert.All(Enumerable.Range(0, Good.Length), length => AssertRefused(Good[..length]));

    [Fact]
    public void Is_told_or_read_whatever_one_byte_says() => Prop.ForAll(
        Arb.From(Gen.Choose(0, Good.Length - 1)), Arb.From(Gen.Choose(0, 255)), (at, value) => IsReadOrRefused([.. Good[..at], (byte)value, .. Good[(at + 1)..]])).QuickCheckThrowOnFailure();

    [Fact]
    public void Is_told_or_read_whatever_all_bytes_say() => Prop.ForAll<byte[]>(bytes => IsReadOrRefused(bytes ?? [])).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("0AFFFFFFFFFFFFFFFF7F", "it ends within field 1")] // a piece of 2^63 bytes
    [InlineData("0AFFFFFFFF07", "it ends within field 1")]
    [InlineData("0AFFFFFFFFFFFFFFFFFFFF01", "a number has more than ten bytes")]
    [InlineData("0800", "field 1 has the wire type 0 where 2 belongs")]
    [InlineData("0A020800", "field 1 has the wire type 0 where 2 belongs")]
    [InlineData("0A021000", "field 2 has the wire type 0 where 5 belongs")]
    [InlineData("33", "field 6 has the wire type 3")]
    [InlineData("00", "a field has the number 0")]
    [InlineData("0A00", "a piece is empty")]
    [InlineData("0A030A01FF", "a piece is not UTF-8")]
    [InlineData("0A080A0161150000C07F", "the piece a has no score")]
    [InlineData("", "it has no trainer_spec")]
    [InlineData("12021802", "it has no normalizer_spec")]
    [InlineData("120218021A00", "it does not have one unknown piece")]
    public void Is_told_by_what_is_wrong(string hex, string what)
    {
        var refusal = AssertRefused(Convert.FromHexString(hex));
        Assert.StartsWith($"Not a SentencePiece model: {what}", refusal.What, StringComparison.Ordinal);
        Assert.Equal(3, refusal.Message.Split('\n').Length);
    }

    [Fact]
    public void Is_told_by_what_contradicts()
    {
        Assert.Contains("the piece a stands in it twice", AssertRefused(new SentencePieceFile("a", "a").Bytes()).What, StringComparison.Ordinal);
        Assert.Contains("without a piece for every byte", AssertRefused(new SentencePieceFile("a") { ByteFallback = true }.Bytes()).What, StringComparison.Ordinal);
        Assert.Contains("one unknown piece", AssertRefused(new SentencePieceFile("a").Add("<unk2>", 0, SentencePieceFile.Unknown).Bytes()).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_refused_by_the_name_of_its_component()
    {
        AssertUnsupported("model Unigram", new SentencePieceFile("a") { ModelType = 1 });
        AssertUnsupported("normalizer nmt_nfkc", new SentencePieceFile("a") { CharacterMap = "map" });
        AssertUnsupported("trainer_spec with treat_whitespace_as_suffix", new SentencePieceFile("a") { SpacesAsSuffix = true });
        AssertUnsupported("a piece of type Unused", new SentencePieceFile("a").Add("b", 0, SentencePieceFile.Unused));
        AssertUnsupported("the piece ab, whose character b is no piece", new SentencePieceFile("ab", "a"));
        AssertUnsupported(
            "the user-defined piece 'a b' with a space, beside remove_extra_whitespaces",
            new SentencePieceFile("a") { RemoveExtraWhitespaces = true }.Add("a b", 0, SentencePieceFile.UserDefined));
    }

    private static void AssertUnsupported(string component, SentencePieceFile file) =>
        Assert.Equal($"The tokenizer has {component}, which is not supported.", AssertRefused(file.Bytes()).What);

    private static InputException AssertRefused(byte[] bytes)
    {
        var refusal = Assert.Throws<InputException>(() => SentencePieceFile.Open(bytes));
        Assert.EndsWith("tokenizer.model", refusal.Where, StringComparison.Ordinal);
        return refusal;
    }

    private static bool IsReadOrRefused(byte[] bytes)
    {
        try
        {
            SentencePieceFile.Open(bytes).Encode("a b");
            return true;
        }
        catch (InputException)
        {
            return true;
        }
    }
}
