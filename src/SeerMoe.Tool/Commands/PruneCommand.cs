using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Recipes;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer prune`: decide by statistics, or apply a plan as it stands, and cut.</summary>
[Command(
    "prune",
    Description = "Drops the experts that matter least: by statistics and a criterion, or by a plan file as it stands.",
    ExtendedHelpText = "dotnet seer prune --model mixtral --statistics statistics --ratio 0.25 --output pruned")]
public sealed class PruneCommand : SeerCommand
{
    private static readonly PruneStep Default = new();

    [Required(ErrorMessage = Missing)]
    [Option("--model <DIR>", "The checkpoint; it is left as it is.", CommandOptionType.SingleValue)]
    public string Model { get; set; } = "";

    [Option("--statistics <PATH>", "What `count` wrote: the folder or one of its files.", CommandOptionType.SingleValue)]
    public string? Statistics { get; set; }

    [Option("--criterion <NAME>", "soft (default), actual, soft-topk, random or inverse.", CommandOptionType.SingleValue)]
    public string? Criterion { get; set; }

    [Range(0.0, 1.0, ErrorMessage = "{0} must be a share from 0 to 1.")]
    [Option("--ratio <R>", "Share of the experts to drop: 0.25 drops a quarter.", CommandOptionType.SingleValue)]
    public double? Ratio { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--keep <N>", "Experts to keep: of each layer (scope layer), or of all (scope global).", CommandOptionType.SingleValue)]
    public int? Keep { get; set; }

    [Option("--scope <SCOPE>", "Who competes with whom: global (default) or layer.", CommandOptionType.SingleValue)]
    public string? Scope { get; set; }

    [Range(0, int.MaxValue, ErrorMessage = NotNegative)]
    [Option("--min-experts <N>", "No layer is cut below this; default 0: what the model's router needs.", CommandOptionType.SingleValue)]
    public int? MinExperts { get; set; }

    [Option("--plan <FILE>", "A prune-plan.json, instead of all the options above but --model.", CommandOptionType.SingleValue)]
    public string? Plan { get; set; }

    [Required(ErrorMessage = Missing)]
    [Option("--output <DIR>", "A new folder for the pruned checkpoint.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        using var checkpoint = Checkpoint.Open(Model);
        var plan = Plan is null ? Decide(checkpoint) : ReadPlan(Plan);
        CheckpointPruner.Prune(checkpoint, plan, Output, interrupted);
        CutText.Print(terminal, plan, ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config), Output, Json);
        terminal.Notes(Notes.OfCheckpoint(Output));
        return ExitCode.Done;
    }

    private PrunePlan ReadPlan(string path)
    {
        return (Statistics, Criterion, Ratio, Keep, Scope, MinExperts) is (null, null, null, null, null, null)
            ? PrunePlanFile.Read(path)
            : throw new InputException("A plan says everything itself.", "--plan", "Give either --plan, or --statistics with --ratio or --keep.");
    }

    private PrunePlan Decide(Checkpoint checkpoint)
    {
        if (Statistics is null)
        {
            throw new InputException("--statistics is missing.", "dotnet seer prune", "Give --statistics with --ratio or --keep, or a --plan.");
        }

        var seed = Seed ?? 0;
        var criterion = CriterionCatalog.Find(Criterion ?? Default.Criterion.Name, seed);
        var scope = Scope is null ? Default.Scope : Scopes.Find(Scope, "--scope");
        var budget = (Ratio, Keep) switch
        {
            ({ } ratio, null) => PruneBudget.OfRatio(ratio),
            (null, { } keep) => PruneBudget.OfKeep(keep),
            _ => throw new InputException("One of --ratio and --keep says how much to drop.", "dotnet seer prune", "Give exactly one of the two."),
        };
        var statistics = StatisticsFile.Read(Statistics);
        PruneChecks.RefuseOtherCheckpoint(statistics, checkpoint, Statistics);
        var limits = PruneLimits.Of(ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config));
        var plan = PrunePlanner.Plan(statistics, criterion, scope, budget, MinExperts ?? Default.MinExperts, seed, limits);
        PruneChecks.RefuseNoOp(plan);
        return plan;
    }
}
