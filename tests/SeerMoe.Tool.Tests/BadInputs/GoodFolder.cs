using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests.BadInputs;

/// <summary>
/// A folder where all is right, made once: what each bad input is a copy of.
/// <code>
/// model/  other/             checkpoints
/// tokens.jsonl text.txt facts.jsonl
/// recipe.yaml sweep.yaml recipe.csx
/// counted/  plan.json        of model/
/// runs/tiny/1                a finished run
/// </code>
/// </summary>
public sealed class GoodFolder : IDisposable
{
    private const string Stages =
        """
          - count: { data: tokens }
          - prune: { scope: layer, ratio: 0.25 }
          - evaluate: { tasks: [facts], cut: masked }
        """;

    private readonly TemporaryFolder _folder = new();

    public GoodFolder()
    {
        PicoCheckpoint.Write(_folder["model"]);
        PicoCheckpoint.Write(_folder["other"], seed: 2);
        _folder.Write("tokens.jsonl", "{\"input_ids\": [1, 2, 3, 4, 5, 6]}\n{\"input_ids\": [7, 8, 9]}\n");
        _folder.Write("text.txt", "the owl saw the hare in the field.\n");
        _folder.Write("facts.jsonl", "{\"question\": \"1 plus 1 is\", \"choices\": [\"2\", \"3\"], \"answer\": 0}\n");
        _folder.Write("recipe.yaml", Recipe(Stages));
        _folder.Write("sweep.yaml", Recipe(Stages) + "sweep:\n  prune.ratio: [0.25, 0.5]\n");
        _folder.Write("recipe.csx", "Name = \"tiny\";\nModel = \"model\";\nData(\"tokens\", \"tokens.jsonl\", Tokens);\nCount(data: \"tokens\");\n");
        Succeed("count", "--model", _folder["model"], "--data", _folder["tokens.jsonl"], "--format", "tokens", "--output", _folder["counted"]);
        Succeed("prune", "--model", _folder["model"], "--statistics", _folder["counted"], "--ratio", "0.25", "--scope", "layer", "--output", _folder["cut"]);
        File.Move(_folder["cut/prune-plan.json"], _folder["plan.json"]);
        Directory.Delete(_folder["cut"], recursive: true);
        Succeed("run", _folder["recipe.yaml"], "--output", _folder["runs"]);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A copy, to break.</summary>
    internal TemporaryFolder Copy()
    {
        var copy = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            var target = copy[Path.GetRelativePath(_folder.Path, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    private static string Recipe(string stages) =>
        $$"""
        name: tiny
        seed: 17
        model: model
        data:
          tokens: { path: tokens.jsonl, format: tokens }
          text: { path: text.txt }
          facts: { path: facts.jsonl, format: choices }
        stages:
        {{stages}}

        """;

    private static void Succeed(params string[] args)
    {
        var run = Seer.Run([.. args, "--quiet"]);
        Assert.True(run.ExitCode == 0, run.Error);
    }
}
