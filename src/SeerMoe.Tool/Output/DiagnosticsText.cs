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

    /// <summary>We are at fault: the whole story goes to a log.</summary>
    public static int Write(Terminal terminal, Exception error, string[] args)
    {
        var log = Path.Combine(Path.GetTempPath(), $"seer-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}.log");
        File.WriteAllText(log, $"dotnet seer {SeerApp.Version} {string.Join(' ', args)}\n{Environment.OSVersion} .NET {Environment.Version}\n\n{error}\n");
        terminal.Say("error:", Color.Red, $"Something went wrong that is not your fault: {error.Message}");
        terminal.Error.WriteLine($"  at {log}");
        terminal.Error.WriteLine("  Please report it with that log; it holds the command line and no data.");
        return ExitCode.OurFault;
    }
}
