using SeerMoe.Recipes;
using Spectre.Console;

namespace SeerMoe.Tool.Output;

/// <summary>Errors as a person reads them: what, where, what to do.</summary>
public static class DiagnosticsText
{
    /// <summary>The user's input is at fault.</summary>
    public static int Write(Terminal terminal, InputException error)
    {
        terminal.Say("error:", Color.Red, error.What);
        terminal.Error.WriteLine($"  at {error.Where}");
        terminal.Error.WriteLine($"  {error.WhatToDo}");
        return ExitCode.BadInput;
    }

    /// <summary>Everything that is wrong with a recipe.</summary>
    public static int Write(Terminal terminal, RecipeException error)
    {
        foreach (var diagnostic in error.Diagnostics)
        {
            terminal.Say("error:", Color.Red, diagnostic.ToString());
        }

        return ExitCode.BadInput;
    }

    /// <summary>We are at fault: the whole story goes to a log in <paramref name="logFolder"/>, or to stderr where no log can be written.</summary>
    public static int Write(Terminal terminal, Exception error, string[] args, string logFolder)
    {
        var story = $"dotnet seer {SeerApp.Version} {string.Join(' ', args)}\n{Environment.OSVersion} .NET {Environment.Version}\n\n{error}\n";
        terminal.Say("error:", Color.Red, $"Something went wrong that is not your fault: {error.Message}");
        try
        {
            var log = Path.Combine(logFolder, $"seer-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}.log");
            File.WriteAllText(log, story);
            terminal.Error.WriteLine($"  at {log}");
            terminal.Error.WriteLine("  Please report it with that log; it holds the command line and no data.");
        }
        catch (Exception noLog) when (noLog is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"  at what follows: no log could be written in {logFolder}");
            terminal.Error.WriteLine("  Please report it with these lines; they hold the command line and no data.");
            terminal.Error.Write($"\n{story}");
        }

        return ExitCode.OurFault;
    }
}
