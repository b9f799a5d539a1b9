namespace SeerMoe.Recipes.Scripting;

/// <summary>
/// Where a script calls a step or sets a property, and where each of its arguments stands. The compiler finds them, and the
/// compiled script carries them along, so that a fault in a value points at the value although nothing is parsed again.
/// </summary>
/// <param name="File">Name of the source.</param>
/// <param name="Line">From 1: the line that the compiler fills in for [CallerLineNumber].</param>
/// <param name="Name">`Prune`, or `Seed`.</param>
/// <param name="At">The name itself.</param>
/// <param name="Parts">By parameter and index: `ratio`, `tasks[1]`, `topK.from`; the value of a property is `value`.</param>
internal sealed record ScriptCall(string File, int Line, string Name, Span At, Dictionary<string, Span> Parts)
{
    public const string Value = "value";
}

/// <summary>A piece of a source: line and column from 1; length 0 is the rest of the line.</summary>
internal sealed record Span(int Line, int Column, int Length);
