using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Yaml;
using SeerMoe.Tool.Commands;
using SeerMoe.Tool.Scaffolding;

namespace SeerMoe.Tool.Topics;

/// <summary>`seer help stages`, and of one stage `seer help stages prune`.</summary>
internal static class StagesTopic
{
    // What stands in the stage's folder of a run; a test looks.
    private static readonly Dictionary<string, string> Leaves = new(StringComparer.Ordinal)
    {
        ["count"] = "statistics.safetensors, statistics.json",
        ["prune"] = "prune-plan.json, checkpoint/",
        ["regularize"] = "training.jsonl, checkpoint/",
        ["evaluate"] = "evaluation.json",
    };

    public static IReadOnlyList<string> Stages { get; } = [.. RecipeKey.OfStages.Select(stage => stage.Stage)];

    public static string Text()
    {
        var page = new TopicPage()
            .Paragraph($"Stages run in the order {string.Join(", ", Stages)}; any may be left out, and each is also a command of its own. What an earlier run did with the same options, inputs and versions is reused.");
        var commands = CommandLine.Model();
        foreach (var (stage, keys) in RecipeKey.OfStages)
        {
            var own = keys.Where(key => !key.Name.Contains('.', StringComparison.Ordinal)).Select(key => key.Name);
            page.Rows(stage, [.. What(stage, commands), ("keys", string.Join(", ", own))]);
        }

        return page
            .Example("Example: half of the experts, and a training of 20 steps", ["dotnet seer run quickstart.yaml --set prune.ratio=0.5 --set regularize.steps=20"])
            .Paragraph("What the keys mean: dotnet seer help stages prune (or another stage).")
            .ToString();
    }

    public static string TextOf(string stage) => new TopicPage()
        .Rows(stage, What(stage, CommandLine.Model()))
        .Keys("Keys", RecipeKey.OfStages.First(known => known.Stage == stage).Keys)
        .Example("Example, below 'stages:'", Scaffold.Quickstart.RecipeText.Split('\n').Where(line => line.TrimStart().StartsWith($"- {stage}:", StringComparison.Ordinal)))
        .Paragraph($"As a command: dotnet seer {stage} --help")
        .ToString();

    private static (string, string)[] What(string stage, CommandLineApplication commands) =>
        [("does", commands.Commands.Single(command => command.Name == stage).Description!), ("leaves", Leaves[stage])];
}
