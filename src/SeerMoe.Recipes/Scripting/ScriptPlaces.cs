using System.Diagnostics;

namespace SeerMoe.Recipes.Scripting;

/// <summary>Finds the call that a running script is making among the calls that the compiler saw.</summary>
internal sealed class ScriptPlaces(ScriptSources sources, IReadOnlyCollection<ScriptCall> calls)
{
    /// <summary>The first line of the script: the place of what stands nowhere.</summary>
    public Place Start => sources.At(sources.Main, 1);

    /// <summary>A call of the method <paramref name="name"/>.</summary>
    public CallPlaces Of(string name, string file, int line)
    {
        // Two calls of one name on one line can't be told apart: then the line is all there is to point at.
        var made = calls.Where(call => call.Name == name && call.File == file && call.Line == line).ToList();
        return made is [var call] ? new CallPlaces(sources, call) : new CallPlaces(sources, new ScriptCall(file, line, name, new Span(line, 0, 0), []));
    }

    /// <summary>The same where the compiler could fill in no line (properties): only if the script has several, the stack has to tell which.</summary>
    public CallPlaces Of(string name)
    {
        if (calls.Where(call => call.Name == name).ToList() is [var only])
        {
            return new CallPlaces(sources, only);
        }

        return ScriptFault.Frame(new StackTrace(fNeedFileInfo: true), sources) is { } frame
            ? Of(name, frame.GetFileName()!, frame.GetFileLineNumber())
            : Of(name, sources.Main, 1);
    }
}

/// <summary>One call with its places.</summary>
internal sealed class CallPlaces(ScriptSources sources, ScriptCall call)
{
    /// <summary>The name of what is called.</summary>
    public Place Place => At(call.At);

    /// <summary>An argument, else what holds it, else the call.</summary>
    public Place Of(string part)
    {
        for (; part.Length > 0; part = part[..Math.Max(0, part.LastIndexOfAny(['.', '[']))])
        {
            if (call.Parts.TryGetValue(part, out var span))
            {
                return At(span);
            }
        }

        return Place;
    }

    private Place At(Span span) => sources.At(call.File, span.Line, span.Column, span.Length);
}
