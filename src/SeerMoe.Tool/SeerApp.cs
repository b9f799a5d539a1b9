using System.Reflection;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes;
using SeerMoe.Tool.Commands;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool;

/// <summary>The one place where an exception becomes an exit code.</summary>
[Command(
    "dotnet seer",
    Description = "Counts, prunes, regularizes and evaluates Mixture-of-Experts language models (SEER-MoE, arXiv 2404.05089).",
    ExtendedHelpText = "dotnet seer run recipes/quickstart.yaml")]
public sealed class SeerApp
{
    /// <summary>The tool's own version: "0.1.0".</summary>
    public static string Version { get; } = typeof(SeerApp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <returns>The exit code.</returns>
    public static int Run(string[] args, Terminal terminal)
    {
        try
        {
            return CommandLine.Parse(args, terminal) is { } command ? Execute(command, terminal) : ExitCode.Done;
        }
        catch (RecipeException error)
        {
            return DiagnosticsText.Write(terminal, error);
        }
        catch (InputException error)
        {
            return DiagnosticsText.Write(terminal, error);
        }
        catch (CommandParsingException error)
        {
            return DiagnosticsText.Write(terminal, CommandLine.Explained(error));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return DiagnosticsText.Write(terminal, new InputException(error.Message, "the file system", "Check the path, its permissions, and the space left on the disk.", error));
        }
        catch (Exception error) when (OutOfMemory.Is(error))
        {
            return DiagnosticsText.Write(terminal, OutOfMemory.Refused(error));
        }
        catch (Exception error)
        {
            return DiagnosticsText.Write(terminal, error, args, Path.GetTempPath());
        }
    }

    private static int Execute(SeerCommand command, Terminal terminal)
    {
        terminal.Quiet = command.Quiet;
        using var interrupt = new Interrupt(terminal);
        try
        {
            return command.Execute(terminal, interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }
}
