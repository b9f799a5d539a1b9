using System.Globalization;
using System.Text;

namespace SeerMoe.Tokenization.Steps;

/// <summary>The character through which a pattern sees one beyond the basic plane.</summary>
internal sealed class StandIns
{
    /// <summary>What no well-formed text holds: lone surrogates. One for each range that the pattern names, the last for all the rest.</summary>
    private const char FirstOfRanges = '\uD800', NoRange = '\uDFFF';

    private readonly IReadOnlyList<(int First, int Last)>? _ranges;

    private StandIns(IReadOnlyList<(int First, int Last)>? ranges) => _ranges = ranges;

    /// <summary>For a pattern that asks for general categories: one character of the same category.</summary>
    public static StandIns ByCategory { get; } = new(ranges: null);

    /// <summary>For a pattern that names characters one by one or in ranges, which share none.</summary>
    public static StandIns ByRange(IReadOnlyList<(int First, int Last)> ranges) => new(ranges);

    /// <summary>The one that stands for the range of this number.</summary>
    public static char OfRange(int number) => (char)(FirstOfRanges + number);

    /// <summary>A range of the basic plane that names one of the characters which stand for categories.</summary>
    public static bool AreOfCategories(int first, int last) =>
        Enum.GetValues<UnicodeCategory>().Any(category => OfCategory(category) >= first && OfCategory(category) <= last);

    public char Character(Rune rune)
    {
        if (_ranges is null)
        {
            return OfCategory(Rune.GetUnicodeCategory(rune));
        }

        for (var number = 0; number < _ranges.Count; number++)
        {
            if (rune.Value >= _ranges[number].First && rune.Value <= _ranges[number].Last)
            {
                return OfRange(number);
            }
        }

        return NoRange;
    }

    // Rare in scripts; a pattern that names one of them is refused.
    private static char OfCategory(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => 'Ɓ',
        UnicodeCategory.LowercaseLetter => 'ƀ',
        UnicodeCategory.ModifierLetter => 'ʰ',
        UnicodeCategory.OtherLetter => 'ƻ',
        UnicodeCategory.NonSpacingMark => '\u0900',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.DecimalDigitNumber => '०',
        UnicodeCategory.LetterNumber => 'Ⅰ',
        UnicodeCategory.OtherNumber => '৴',
        UnicodeCategory.DashPunctuation => '֊',
        UnicodeCategory.OtherPunctuation => '।',
        UnicodeCategory.MathSymbol => '϶',
        UnicodeCategory.CurrencySymbol => '৲',
        UnicodeCategory.ModifierSymbol => '\u02C2',
        UnicodeCategory.OtherSymbol => '৺',
        UnicodeCategory.Format => '\u06DD',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\u0378', // unassigned
    };
}
