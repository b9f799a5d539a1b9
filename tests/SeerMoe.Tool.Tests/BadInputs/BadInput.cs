using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests.BadInputs;

/// <summary>Something that a user may do wrong.</summary>
/// <param name="Name">Finds its text in BadInputs.txt.</param>
/// <param name="Break">Makes it wrong, in a copy of a folder where all is right.</param>
/// <param name="Arguments">The command, its paths relative to that folder behind an `@`.</param>
internal sealed record BadInput(string Name, Action<TemporaryFolder> Break, string Arguments)
{
    /// <summary>The arguments as a shell would give them.</summary>
    public string[] In(TemporaryFolder folder) =>
        [.. Arguments.Split(' ').Select(word => word.StartsWith('@') ? folder[word[1..]] : word == "''" ? "" : word)];
}
