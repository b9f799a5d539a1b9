using System.Reflection;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes;
using SeerMoe.Tool.Commands;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool;

/// <summary>The list of commands, and the one place where an exception becomes an exit code.</summary>
[Command(
    "dotnet seer",
    Description = "Counts, prunes, regularizes and evaluates Mixture-of-Experts language models (SEER-MoE, arXiv 2404.05089).",
    ExtendedHelpText = "dotnet seer run recipes/quickstart.yaml")]
[Subcommand(
    typeof(RunCommand),
    typeof(PlanCommand),
    typeof(SweepCommand),
    typeof(CountCommand),
    typeof(PruneCommand),
    typeof(RegularizeCommand),
    typeof(EvaluateCommand),
    typeof(LogitsCommand),
    typeof(InitCommand),
    typeof(InspectCommand),
    typeof(LintCommand),
    typeof(VerifyCommand),
    typeof(ReproduceCommand),
    typeof(ReportCommand),
    typeof(MergeStatisticsCommand),
    typeof(BackendCommand),
    typeof(DoctorCommand),
    typeof(NewCommand),
    typeof(SchemaCommand),
    typeof(CompletionCommand),
    typeof(HelpCommand))]
public sealed class SeerApp
{
    /// <summary>The tool's own version: "0.1.0".</summary>
    public static string Version { get; } = typeof(SeerApp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <returns>The exit code.</returns>
    public static int Run(string[] args, Terminal terminal)
    {
        using var interrupt = new Interrupt(terminal);
        try
        {
            if (CommandLine.Parse(args, terminal) is not { } command)
            {
                return ExitCode.Done;
            }

            terminal.Quiet = command.Quiet;
            return command.Execute(terminal, interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
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
}
