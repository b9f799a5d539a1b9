using System.Reflection;
using McMaster.Extensions.CommandLineUtils;

namespace SeerMoe.Tool.Commands;

/// <summary>All commands, in the order in which help lists them. Of those that are not asked for only the name is told: reading everybody's options was a third of the start.</summary>
internal static class CommandList
{
    private static readonly Entry[] All =
    [
        Entry.Of<RunCommand>(),
        Entry.Of<PlanCommand>(),
        Entry.Of<SweepCommand>(),
        Entry.Of<CountCommand>(),
        Entry.Of<PruneCommand>(),
        Entry.Of<RegularizeCommand>(),
        Entry.Of<EvaluateCommand>(),
        Entry.Of<LogitsCommand>(),
        Entry.Of<InitCommand>(),
        Entry.Of<InspectCommand>(),
        Entry.Of<LintCommand>(),
        Entry.Of<VerifyCommand>(),
        Entry.Of<ReproduceCommand>(),
        Entry.Of<ReportCommand>(),
        Entry.Of<MergeStatisticsCommand>(),
        Entry.Of<BackendCommand>(),
        Entry.Of<DoctorCommand>(),
        Entry.Of<NewCommand>(),
        Entry.Of<SchemaCommand>(),
        Entry.Of<CompletionCommand>(),
        Entry.Of<HelpCommand>(),
    ];

    /// <summary>What each says of itself.</summary>
    public static IEnumerable<CommandAttribute> Abouts => All.Select(entry => entry.About);

    /// <param name="only">The command whose options matter; null for all.</param>
    public static void AddTo(CommandLineApplication root, string? only)
    {
        foreach (var entry in All)
        {
            if (only is null || string.Equals(only, entry.About.Name, StringComparison.OrdinalIgnoreCase))
            {
                entry.Add(root);
            }
            else
            {
                root.AddSubcommand(new CommandLineApplication { Name = entry.About.Name, Description = entry.About.Description });
            }
        }
    }

    private sealed record Entry(CommandAttribute About, Action<CommandLineApplication> Add)
    {
        public static Entry Of<T>()
            where T : class
        {
            var about = typeof(T).GetCustomAttribute<CommandAttribute>()!;
            return new Entry(about, root => root.Command<T>(about.Name!, _ => { }));
        }
    }
}
