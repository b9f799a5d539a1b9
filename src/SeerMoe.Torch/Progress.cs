namespace SeerMoe.Torch;

/// <summary>How far a long piece of work is.</summary>
/// <param name="What">What is counted, in a few words: "tokens counted".</param>
/// <param name="Done">How many of it are done.</param>
/// <param name="Total">How many there will be; 0 where nobody knows.</param>
public readonly record struct Progress(string What, long Done, long Total);
