using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using McMaster.Extensions.CommandLineUtils.Abstractions;
using McMaster.Extensions.CommandLineUtils.HelpText;
using SeerMoe.Tool.Commands;

namespace SeerMoe.Tool.Output;

/// <summary>One screen a command: what it does, its own options, the common ones by name, one example.</summary>
public sealed class HelpText : IHelpTextGenerator
{
    private static readonly string[] CommonNames = [.. typeof(SeerCommand).GetProperties().Select(p => p.Name.ToLowerInvariant()), "help", "version"];

    public void Generate(CommandLineApplication application, TextWriter output)
    {
        output.WriteLine(application.Description);
        output.WriteLine();
        output.WriteLine($"Usage: {Usage(application)}");

        var arguments = application.Arguments.Select(a => new Row($"{a.Name}", a.Description));
        var commands = application.Commands.Select(c => new Row(c.Name!, c.Description));
        var own = application.Options.Where(o => !IsCommon(o)).Select(o => new Row(Form(o), o.Description));
        var common = application.Options.Where(IsCommon).Select(o => new Row(Form(o), o.Description));
        Section(output, "Commands", commands);
        Section(output, "Arguments", arguments);
        Section(output, "Options", own);
        Section(output, "Common options", common);
        Example(output, application.ExtendedHelpText);
    }

    /// <summary>What is typed to call this command: "dotnet seer count".</summary>
    public static string Call(CommandLineApplication application) =>
        application.Parent is { } parent ? $"{Call(parent)} {application.Name}" : application.Name!;

    private static bool IsCommon(CommandOption option) => CommonNames.Contains(option.LongName!.Replace("-", "", StringComparison.Ordinal));

    private static string Usage(CommandLineApplication application)
    {
        IEnumerable<string> command = application.Commands.Count > 0 ? ["COMMAND"] : [];
        var arguments = application.Arguments.Select(a => a.MultipleValues ? $"{a.Name}..." : a.Name);
        return string.Join(' ', [Call(application), .. command, .. arguments, .. Required(application), "[options]"]);
    }

    /// <summary>The options that can't be left out.</summary>
    private static IEnumerable<string> Required(CommandLineApplication application) =>
        from property in ((IModelAccessor)application).GetModelType().GetProperties()
        where property.IsDefined(typeof(RequiredAttribute), inherit: true)
        from option in application.Options
        where option.LongName!.Replace("-", "", StringComparison.Ordinal) == property.Name.ToLowerInvariant()
        select Form(option);

    /// <summary>"-h|--help", "--model DIR".</summary>
    private static string Form(CommandOption option)
    {
        var names = option.ShortName is { Length: > 0 } letter ? $"-{letter}|--{option.LongName}" : $"--{option.LongName}";
        return option.ValueName is { Length: > 0 } value ? $"{names} {value}" : names;
    }

    internal static void Section(TextWriter output, string title, IEnumerable<Row> rows)
    {
        var lines = rows.ToList();
        if (lines.Count == 0)
        {
            return;
        }

        var width = lines.Max(line => line.Left.Length);
        output.WriteLine();
        output.WriteLine($"{title}:");
        lines.ForEach(line => output.WriteLine($"  {line.Left.PadRight(width)}  {line.Right}"));
    }

    internal static void Example(TextWriter output, string? example)
    {
        if (example is not null)
        {
            output.WriteLine();
            output.WriteLine("Example:");
            output.WriteLine($"  {example}");
        }
    }

    // No tuple: code for lists of tuples is not compiled ahead, and this one is on the way of every --help.
    internal sealed record Row(string Left, string? Right);
}
