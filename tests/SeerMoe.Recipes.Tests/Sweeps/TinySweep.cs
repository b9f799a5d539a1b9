using SeerMoe.Recipes.Sweeps;

namespace SeerMoe.Recipes.Tests.Sweeps;

/// <summary>A sweep of four points that runs in seconds, in a project of its own.</summary>
internal sealed class TinySweep : IDisposable
{
    public const string Recipe =
        """
        name: ratios
        seed: 17
        model: model
        data:
          counted: { path: data/counted.jsonl, format: tokens }
          tokens: { path: data/tokens.jsonl, format: tokens }
          text: { path: data/text.txt }
        stages:
          - count: { data: counted, batch: 2 }
          - prune: { scope: layer }
          - evaluate: { cut: masked, tasks: [tokens, text], batch: 4 }
        sweep:
          prune.criterion: [soft, actual]
          prune.ratio: [0.25, 0.5]

        """;

    private readonly TinyProject _project = new();

    public TinySweep() => Write(Recipe);

    public string this[string name] => _project[name];

    public void Write(string recipe) => File.WriteAllText(_project["recipe.yaml"], recipe);

    public SweepPlan Plan(params string[] over) => SweepPlanner.Plan(SweepFile.Load(RecipeSource.Read(_project["recipe.yaml"]), [], over, []), TinyProject.Cpu);

    public SweepFolder Create(SweepPlan plan, string root = "runs") => SweepFolder.Create(_project[root], plan, new SweepLaunch("", "cpu", "float32", []));

    public static SweepTable Run(SweepFolder folder, SweepPlan plan, IExecutor? executor = null)
    {
        (executor ?? new LocalExecutor()).Run(SweepWork.Of(folder, plan), progress: null, CancellationToken.None);
        return SweepTable.Of(folder, plan.File);
    }

    public void Dispose() => _project.Dispose();
}
