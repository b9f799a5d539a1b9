namespace SeerMoe.Tool.Commands;

/// <summary>A word on the command line that stands for one of a few things.</summary>
public static class Choice
{
    /// <exception cref="InputException">The word is none of them.</exception>
    public static T Of<T>(string option, string word, IReadOnlyList<(string Word, T Value)> choices)
    {
        foreach (var choice in choices)
        {
            if (choice.Word == word)
            {
                return choice.Value;
            }
        }

        string[] words = [.. choices.Select(choice => choice.Word)];
        throw new InputException($"'{word}' is not one of the choices.", option, $"{DidYouMean.Hint(word, words)}Choices: {string.Join(", ", words)}.");
    }
}
