using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>A recipe of all four stages that runs in a second or two.</summary>
internal static class TinyRecipe
{
    /// <summary>Writes it and its data; returns its path.</summary>
    public static string Write(TemporaryFolder folder)
    {
        WriteData(folder);
        return folder.Write("tiny.yaml", $$"""
            name: tiny
            seed: 17
            model: {{Path.GetRelativePath(folder.Path, Fixtures.Folder("mixtral"))}}
            data:
              learned: { path: learned.jsonl, format: tokens }
              lines: { path: tokens.jsonl, format: tokens }
            stages:
              - count:      { data: learned }
              - prune:      { criterion: soft, scope: layer, ratio: 0.25 }
              - regularize: { data: learned, steps: 2 }
              - evaluate:   { tasks: [lines], compare: [base, random] }
            """);
    }

    /// <summary>The same in C#.</summary>
    public static string WriteScript(TemporaryFolder folder)
    {
        WriteData(folder);
        return folder.Write("tiny.csx", $$"""
            Name = "tiny";
            Seed = 17;
            Model = "{{Path.GetRelativePath(folder.Path, Fixtures.Folder("mixtral"))}}";
            Data("learned", "learned.jsonl", Tokens);
            Data("lines", "tokens.jsonl", Tokens);
            Count(data: "learned");
            Prune(criterion: "soft", scope: Scope.Layer, ratio: 0.25);
            Regularize(data: "learned", steps: 2);
            Evaluate(tasks: ["lines"], compare: [Comparison.Base, Comparison.Random]);
            """);
    }

    private static void WriteData(TemporaryFolder folder)
    {
        folder.Write("learned.jsonl", "{\"input_ids\": [2, 4, 6, 8, 10, 12]}\n{\"input_ids\": [3, 6, 9]}\n");
        folder.Write("tokens.jsonl", "{\"input_ids\": [1, 2, 3, 4, 5, 6]}\n{\"input_ids\": [7, 8, 9]}\n");
    }
}
