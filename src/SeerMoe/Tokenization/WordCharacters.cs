using System.Globalization;
using System.Text;

namespace SeerMoe.Tokenization;

/// <summary>What Unicode's regular expressions (UTS #18) call \w, which is more than .NET's: every mark, letter-like numbers and circled letters too.</summary>
internal static class WordCharacters
{
    public static bool Contains(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.OtherSymbol => rune.Value is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D, // the two joiners
        _ => false,
    };
}
