using SeerMoe.Recipes.Planning;
using SeerMoe.Testing;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Tests;

/// <summary>A folder with a pico checkpoint, data of every format and a recipe: all that a run needs, and seconds to run.</summary>
internal sealed class TinyProject : IDisposable
{
    public static readonly Compute Cpu = new(ComputeDevice.Cpu, ComputeType.Float32);

    private readonly TemporaryFolder _folder = new();

    public TinyProject()
    {
        PicoCheckpoint.Write(_folder["model"]);
        Directory.CreateDirectory(_folder["data"]);
        _folder.Write("data/tokens.jsonl", string.Concat(Enumerable.Range(0, 6).Select(line => $"{{\"input_ids\": [{string.Join(", ", Enumerable.Range(0, 12).Select(i => (line * 31 + i * 7) % 250))}]}}\n")));
        _folder.Write("data/counted.jsonl", string.Concat(Enumerable.Range(6, 6).Select(line => $"{{\"input_ids\": [{string.Join(", ", Enumerable.Range(0, 12).Select(i => (line * 31 + i * 7) % 250))}]}}\n")));
        _folder.Write("data/text.txt", string.Concat(Enumerable.Repeat("the owl saw the hare in the field. ", 8)));
        _folder.Write("data/facts.jsonl", string.Concat(Enumerable.Range(0, 4).Select(n => $"{{\"question\": \"{n} plus 1 is\", \"choices\": [\"{n + 1}\", \"{n + 2}\"], \"answer\": {n % 2}}}\n")));
        _folder.Write("recipe.yaml", Recipe);
    }

    public const string Recipe =
        """
        # A comment.
        name: tiny
        seed: 17
        model: model
        data:
          counted: { path: data/counted.jsonl, format: tokens }
          tokens: { path: data/tokens.jsonl, format: tokens }
          text: { path: data/text.txt }
          facts: { path: data/facts.jsonl, format: choices }
        stages:
          - count: { data: counted, batch: 2, window: 64 }
          - prune: { criterion: soft, scope: layer, ratio: 0.25 }
          - regularize: { data: text, steps: 3, batch: 2, window: 16, top_k: { from: 2, to: 1 } }
          - evaluate: { tasks: [tokens, facts], compare: [base, random], random_seeds: 2, batch: 4 }

        """;

    public string this[string name] => _folder[name];

    public RecipeFile Load(params string[] overrides) => RecipeFile.Load(_folder["recipe.yaml"], overrides);

    public Recipe LoadYaml(string recipe) => RecipeFile.Parse(recipe, _folder["recipe.yaml"], []).Recipe;

    public RunPlan Plan(params string[] overrides) => RunPlanner.Plan(Load(overrides), Cpu);

    public RunPlan PlanOf(string recipe)
    {
        _folder.Write("recipe.yaml", recipe);
        return Plan();
    }

    public void Dispose() => _folder.Dispose();
}
