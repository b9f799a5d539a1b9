using FsCheck;
using FsCheck.Fluent;
using SeerMoe.Tokenization;

namespace SeerMoe.Tests.Tokenization;

public sealed class NormalizationFormC
{
    [Theory]
    [InlineData("e\u0301", "\u00E9")] // a letter and its mark compose
    [InlineData("q\u0307\u0323", "q\u0323\u0307")] // marks stand in order of class
    [InlineData("a\u0323\u0302", "\u1EAD")] // two marks, one composite
    [InlineData("a\u0301\u0301", "\u00E1\u0301")] // the second mark of a class is blocked
    [InlineData("\u212B", "\u00C5")] // angstrom sign
    [InlineData("\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("\u1100\u1161\u11A8", "\uAC01")] // Hangul jamo
    [InlineData("\uAC00\u11A8", "\uAC01")] // a syllable and its final
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")] // beyond the basic plane
    [InlineData("plain \u00E9 \u4E2D", "plain \u00E9 \u4E2D")]
    public void Is_that_of_the_Unicode_standard(string text, string normalized) =>
        Assert.Equal(normalized, CanonicalComposition.Normalize(text));

    [Fact]
    public void Is_the_same_when_applied_twice() => Prop.ForAll(Arb.From(Marked), text =>
    {
        var once = CanonicalComposition.Normalize(text);
        return CanonicalComposition.Normalize(once) == once;
    }).QuickCheckThrowOnFailure();

    /// <summary>Letters, marks, jamo and singletons, thick enough to meet one another.</summary>
    private static Gen<string> Marked =>
        Gen.Elements("aeq\u0301\u0302\u0307\u0323\u0327\u00E9\u1100\u1161\u11A8\uAC00\u212B\u0958".ToCharArray()).ArrayOf().Select(text => new string(text));
}
