using System.Reflection;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Commands;

namespace SeerMoe.Tool.Output;

/// <summary>The help that everybody sees first, written without the parser: making one takes as long as a whole hello world.</summary>
internal static class RootHelp
{
    /// <summary>The same as <see cref="HelpText"/> of the root.</summary>
    public static void Write(TextWriter output)
    {
        var about = typeof(SeerApp).GetCustomAttribute<CommandAttribute>()!;
        output.WriteLine(about.Description);
        output.WriteLine();
        output.WriteLine($"Usage: {about.Name} COMMAND [options]");
        HelpText.Section(output, "Commands", CommandList.Abouts.Select(command => new HelpText.Row(command.Name!, command.Description)));
        HelpText.Section(output, "Common options", [new("-h|--help", "Show help information"), new("--version", "Show version information")]);
        HelpText.Example(output, about.ExtendedHelpText);
    }
}
