using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Digests;
using SeerMoe.Recipes;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Scripting;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>What `plan`, `run` and `sweep` share: they plan the same way, so a plan shows exactly what a run does.</summary>
public abstract class RecipeCommand : SeerCommand
{
    [Required(ErrorMessage = Missing)]
    [Argument(0, "RECIPE", "A .yaml file, or a .csx script.")]
    public virtual string Recipe { get; set; } = "";

    [Option("--set <SETTING>", "stage.key=value changes the recipe for once: --set prune.ratio=0.5; may be repeated.", CommandOptionType.MultipleValue)]
    public string[] Set { get; set; } = [];

    [Option("--allow-overlap", "Goes on although documents that are counted or trained on judge the model too; the same as --set allow_overlap=true.", CommandOptionType.NoValue)]
    public bool AllowOverlap { get; set; }

    [Option("--trust", "Runs a .csx script, which is C# with all your rights, and remembers that you agreed to these very bytes.", CommandOptionType.NoValue)]
    public bool Trust { get; set; }

    [Option("--output <DIR>", "Runs stand in it as <recipe name>/<number>/; default: runs.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "runs";

    /// <summary>What was done before in any run of the folder.</summary>
    protected StageCache Cache => field ??= new StageCache(Output, Digests);

    /// <summary>Digests of large files, remembered from one command to the next.</summary>
    protected DigestCache Digests => field ??= new DigestCache(Path.Combine(UserFolders.Cache, "digests"));

    /// <summary>The plan of every point; a recipe in which nothing is swept has one.</summary>
    /// <exception cref="RecipeException">Everything that is wrong with the recipe.</exception>
    /// <exception cref="InputException">The file can't be read, or the run does not fit in memory or on the disk.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while a script ran or files were hashed.</exception>
    protected SweepPlan MakePlan(CancellationToken interrupted, string[]? over = null, string[]? zip = null)
    {
        var compute = ChosenCompute();
        return Fitting(SweepPlanner.Plan(LoadRecipe(interrupted, over, zip), compute, interrupted, Digests), Output, Cache, interrupted);
    }

    /// <summary>The plan itself, which fits.</summary>
    /// <param name="plan">What is to be done.</param>
    /// <param name="root">Where it would be written.</param>
    /// <param name="done">What was done before, and takes nothing.</param>
    /// <param name="interrupted">Looked at while hashing.</param>
    /// <exception cref="InputException">A point does not fit in memory or on the disk.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    protected static SweepPlan Fitting(SweepPlan plan, string root, StageCache done, CancellationToken interrupted)
    {
        foreach (var point in plan.Points)
        {
            RunLimits.Refuse(point.Plan, root, stage => done.Find(stage.Key, interrupted) is not null);
        }

        return plan;
    }

    /// <summary>The recipe with all that the command line changes of it.</summary>
    /// <exception cref="RecipeException">Everything that is wrong with the recipe.</exception>
    /// <exception cref="InputException">The file can't be read.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while a script ran.</exception>
    protected SweepFile LoadRecipe(CancellationToken interrupted, string[]? over = null, string[]? zip = null)
    {
        var source = RecipeSource.Read(Recipe);
        RefuseUntrusted(source);
        string[] settings = [.. Set, .. Seed is { } seed ? [$"seed={seed}"] : Array.Empty<string>(), .. AllowOverlap ? ["allow_overlap=true"] : Array.Empty<string>()];
        return SweepFile.Load(source, settings, over ?? [], zip ?? [], interrupted);
    }

    /// <summary>A script is code: the user says once that it may run, and again when it was changed.</summary>
    /// <exception cref="InputException">It is a script that nobody has agreed to.</exception>
    private void RefuseUntrusted(RecipeSource source)
    {
        if (source.Consent is not { IsGiven: false } consent)
        {
            return;
        }

        if (!Trust)
        {
            throw new InputException(
                "A .csx recipe is C# that runs with all your rights, and this one is new here or was changed.",
                Recipe,
                $"Read it, then say --trust once: {ScriptConsent.Folder} remembers it, until it changes.");
        }

        consent.Record();
    }
}
