namespace SeerMoe.Tokenization.Steps;

/// <summary>
/// What becomes of the delimiters of a Split.
/// <code>
/// "-" in "a--b"     Isolated  a - - b     MergedWithPrevious  a- - b     Contiguous  a -- b
///                   Removed   a b         MergedWithNext      a - -b
/// </code>
/// </summary>
internal enum SplitBehavior
{
    Isolated,
    Removed,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>What a Split takes for its delimiters: what the pattern matches, or (inverted) all the rest.</summary>
internal enum Delimiters
{
    Matches,
    Gaps,
}
