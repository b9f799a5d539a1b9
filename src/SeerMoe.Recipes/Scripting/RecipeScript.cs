using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Recipes.Scripting;

/// <summary>A .csx recipe: compiled, or taken from the cache, run once, and read like YAML. A script is code with all the user's rights.</summary>
internal static class RecipeScript
{
    public const string Extension = ".csx";

    // stdout is the process's own, so scripts run one after another.
    private static readonly Lock OneAtATime = new();

    /// <summary>Runs the script, then reads what it built with `stage.key=value` overrides applied.</summary>
    /// <exception cref="RecipeException">It does not compile, it threw, or something is wrong with the recipe it built.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while it ran.</exception>
    public static (Recipe Recipe, RecipePlaces Places) Read(ScriptSources sources, IReadOnlyList<string> overrides, CancellationToken interrupted)
    {
        var (root, reading) = Tree(sources, interrupted);
        return RecipeYaml.Read(root, overrides, reading);
    }

    /// <summary>Runs the script: what it built, and the faults found on the way.</summary>
    /// <exception cref="RecipeException">It does not compile, or it threw.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while it ran.</exception>
    public static (YamlMapping Root, Reading Reading) Tree(ScriptSources sources, CancellationToken interrupted)
    {
        var (calls, start) = ScriptCache.OfUser.Get(sources, () => ScriptCompiler.Compile(sources, interrupted)).Load();
        var places = new ScriptPlaces(sources, calls);
        var reading = new Reading();
        var tree = new ScriptTree(places.Start, reading);
        Run(start, new RecipeGlobals(tree, places, sources.Folder), sources, interrupted);
        return (tree.Root, reading);
    }

    // On a thread of its own: a script that never ends is left behind when the user interrupts.
    private static void Run(Func<RecipeGlobals, Task> start, RecipeGlobals globals, ScriptSources sources, CancellationToken interrupted)
    {
        try
        {
            Task.Run(() => WithoutOutput(() => start(globals).GetAwaiter().GetResult()), interrupted).Wait(interrupted);
        }
        catch (AggregateException error)
        {
            throw new RecipeException([ScriptFault.Of(error, sources)]);
        }
    }

    // stdout carries results only, so what a script prints goes to stderr.
    private static void WithoutOutput(Action run)
    {
        lock (OneAtATime)
        {
            var output = Console.Out;
            Console.SetOut(Console.Error);
            try
            {
                run();
            }
            finally
            {
                Console.SetOut(output);
            }
        }
    }
}
