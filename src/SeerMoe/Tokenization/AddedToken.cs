namespace SeerMoe.Tokenization;

/// <summary>A token that is looked for in the text before anything is split or merged.</summary>
/// <param name="Content">What the text must say, already normalized where the token asks for that.</param>
internal readonly record struct AddedToken(string Content, int Id, AddedTokenOptions Options = AddedTokenOptions.None)
{
    public bool Has(AddedTokenOptions option) => (Options & option) == option;
}

/// <summary>What an added token wants of the text around it.</summary>
[Flags]
internal enum AddedTokenOptions
{
    None = 0,

    /// <summary>No letter, digit, mark or underscore beside it.</summary>
    SingleWord = 1,

    /// <summary>Takes the white space before it.</summary>
    StripLeft = 2,

    /// <summary>Takes the white space behind it.</summary>
    StripRight = 4,
}
