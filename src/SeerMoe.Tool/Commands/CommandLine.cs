using McMaster.Extensions.CommandLineUtils;
using McMaster.Extensions.CommandLineUtils.Abstractions;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>Arguments -> the command they ask for. The only place that knows how McMaster parses.</summary>
public static class CommandLine
{
    /// <summary>The command with its options set; null where help or the version was asked for and has been printed.</summary>
    /// <exception cref="CommandParsingException">A word that is not known, or a value that is not of its option's type.</exception>
    /// <exception cref="InputException">An option is missing or out of its range.</exception>
    public static SeerCommand? Parse(string[] args, Terminal terminal)
    {
        if (args is [] or ["--help"] or ["-h"])
        {
            RootHelp.Write(terminal.Output);
            return null;
        }

        // McMaster prints hints of its own before it throws: they are kept apart from stdout.
        using var information = new StringWriter();
        var root = Root(information, only: args[0]);
        var selected = root.Parse(args).SelectedCommand;
        if (((IModelAccessor)selected).GetModel() is not SeerCommand command || selected.IsShowingInformation)
        {
            if (!selected.IsShowingInformation)
            {
                selected.ShowHelp(); // a command that has only commands below it
            }

            terminal.Output.Write(information);
            return null;
        }

        RefuseEmpty(selected);
        return selected.GetValidationResult() is { ErrorMessage: { } fault }
            ? throw new InputException(fault, HelpText.Call(selected), SeeHelp(selected))
            : command;
    }

    /// <summary>The same fault in our three lines, with the option that was probably meant.</summary>
    public static InputException Explained(CommandParsingException error)
    {
        var nearest = (error as UnrecognizedCommandParsingException)?.NearestMatches.FirstOrDefault();
        var isOption = error.Command.Options.Any(option => option.LongName == nearest);
        var hint = nearest is null ? "" : $"Did you mean '{(isOption ? "--" : "")}{nearest}'? ";
        return new InputException($"{error.Message.TrimEnd('.')}.", HelpText.Call(error.Command), hint + SeeHelp(error.Command), error);
    }

    /// <summary>`--plan ""` is a variable that was not set, not a path: nothing that is asked for here can be empty.</summary>
    private static void RefuseEmpty(CommandLineApplication command)
    {
        var options = command.Options.Where(option => option.OptionType != CommandOptionType.NoValue).Select(option => (Name: $"--{option.LongName}", Values: option.Values));
        var arguments = command.Arguments.Select(argument => (Name: argument.Name!, Values: argument.Values));
        foreach (var (name, _) in options.Concat(arguments).Where(given => given.Values.Any(string.IsNullOrEmpty)))
        {
            throw new InputException($"{name} is empty.", HelpText.Call(command), $"Give it a value, or leave it out. {SeeHelp(command)}");
        }
    }

    /// <summary>All commands and options, to look at.</summary>
    public static CommandLineApplication Model() => Root(TextWriter.Null, only: null);

    private static CommandLineApplication<SeerApp> Root(TextWriter information, string? only)
    {
        var root = new CommandLineApplication<SeerApp>();
        root.ValueParsers.AddOrReplace(new StrictNumber());
        root.Conventions.UseDefaultConventions();
        CommandList.AddTo(root, only);
        foreach (var command in WithAllBelow(root))
        {
            command.HelpTextGenerator = new HelpText();
            command.VersionOption("--version", SeerApp.Version);
            command.Out = information;
        }

        return root;
    }

    private static IEnumerable<CommandLineApplication> WithAllBelow(CommandLineApplication command) => [command, .. command.Commands.SelectMany(WithAllBelow)];

    private static string SeeHelp(CommandLineApplication command) => $"'{HelpText.Call(command)} --help' shows what it takes.";
}
