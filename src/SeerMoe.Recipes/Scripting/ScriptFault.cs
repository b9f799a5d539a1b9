using System.Diagnostics;
using System.Reflection;

namespace SeerMoe.Recipes.Scripting;

/// <summary>What a script threw, as a fault of the line that did.</summary>
internal static class ScriptFault
{
    public static Diagnostic Of(Exception error, ScriptSources sources)
    {
        while (error is AggregateException or TargetInvocationException or TypeInitializationException && error.InnerException is { } inner)
        {
            error = inner;
        }

        var frame = Frame(new StackTrace(error, fNeedFileInfo: true), sources);
        return new Diagnostic(
            frame is null ? sources.At(sources.Main, 1) : sources.At(frame.GetFileName()!, frame.GetFileLineNumber(), frame.GetFileColumnNumber()),
            $"the script threw {error.GetType().Name}: {OneLine(error.Message)}");
    }

    /// <summary>The innermost frame that is in the script.</summary>
    public static StackFrame? Frame(StackTrace trace, ScriptSources sources) =>
        trace.GetFrames().FirstOrDefault(frame => sources.Find(frame.GetFileName()) is not null);

    /// <summary>Messages of .NET may have several lines.</summary>
    public static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
