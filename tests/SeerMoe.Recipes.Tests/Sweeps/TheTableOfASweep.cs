using System.Text.Json.Nodes;
using SeerMoe.Architectures;
using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Recipes.Yaml;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Tests.Sweeps;

public sealed class TheTableOfASweep
{
    private static readonly SweepTable Table = Of(
        Row(1, "a|b", accuracy: 0.9, perplexity: 2.5, bytes: 4000),
        Row(2, "say \"x\", y", accuracy: 0.9, perplexity: 2.0, bytes: 3000),
        new SweepRow(Point(3, "c"), Report: null, new PointFailure(2, "There is no such file, \"z\".", "story")),
        Row(4, "d", accuracy: 0.5, perplexity: 2.0, bytes: 3000),
        Row(5, "e", accuracy: 0.4, perplexity: null, bytes: 1000));

    [Fact]
    public void Marks_the_front_of_each_metric_against_bytes_ties_both()
    {
        Assert.Equal(
            """
            | prune.criterion | facts, accuracy | random prune | perplexity | random prune | parameters | bytes | error |
            | --- | --- | --- | --- | --- | --- | --- | --- |
            | a\|b | 0.9000 ± 0.0100 | 0.6000 ± 0.1000 | 2.5000 | - | 1,000 | 4,000 |  |
            | "say \"x\", y" | 0.9000 ± 0.0100 \* | 0.6000 ± 0.1000 | 2.0000 \* | - | 750 | 3,000 |  |
            | c | - |  | - |  | - | - | 003: There is no such file, "z". |
            | d | 0.5000 ± 0.0100 | 0.6000 ± 0.1000 | 2.0000 \* | - | 750 | 3,000 |  |
            | e | 0.4000 ± 0.0100 \* | 0.6000 ± 0.1000 | - | - | 250 | 1,000 |  |

            \* on the Pareto front: no other point is at least as good in this number and in bytes, and better in one. Accuracy is maximised, perplexity and bytes are minimised.

            """,
            SweepFiles.Markdown(Table));
    }

    [Fact]
    public void Is_csv_by_rfc_4180_with_numbers_in_full()
    {
        Assert.Equal(
            string.Concat(
                "point,prune.criterion,facts_accuracy,facts_accuracy_stderr,facts_accuracy_front,facts_accuracy_random,facts_accuracy_random_stderr,perplexity_perplexity,perplexity_perplexity_stderr,perplexity_perplexity_front,perplexity_perplexity_random,perplexity_perplexity_random_stderr,parameters,active_parameters,bytes,exit_code,error\r\n",
                "001,a|b,0.9,0.01,false,0.6,0.1,2.5,,false,,,1000,500,4000,0,\r\n",
                "002,\"\"\"say \\\"\"x\\\"\", y\"\"\",0.9,0.01,true,0.6,0.1,2,,true,,,750,500,3000,0,\r\n",
                "003,c,,,,,,,,,,,,,,2,\"There is no such file, \"\"z\"\".\"\r\n",
                "004,d,0.5,0.01,false,0.6,0.1,2,,true,,,750,500,3000,0,\r\n",
                "005,e,0.4,0.01,true,0.6,0.1,,,false,,,250,500,1000,0,\r\n"),
            SweepFiles.Csv(Table));
    }

    [Fact]
    public void Is_json_for_programs()
    {
        var json = JsonNode.Parse(SweepFiles.Json(Table))!;

        Assert.Equal("seer/sweep@1", (string?)json["schema"]);
        Assert.Equal("""["facts","perplexity"]""", json["points"]![1]!["front"]!.ToJsonString());
        Assert.Equal(2, (int)json["points"]![2]!["exit_code"]!);
    }

    [Fact]
    public void Over_seeds_is_their_mean_with_its_standard_error_and_keys_that_go_with_the_seed_have_no_column()
    {
        var table = Of(
            Of(1, accuracy: 0.8, ("seed", "1"), ("model", "m1"), ("prune.criterion", "soft")),
            Of(2, accuracy: 0.7, ("seed", "1"), ("model", "m1"), ("prune.criterion", "actual")),
            Of(3, accuracy: 0.9, ("seed", "2"), ("model", "m2"), ("prune.criterion", "soft")),
            Of(4, accuracy: 0.9, ("seed", "2"), ("model", "m2"), ("prune.criterion", "actual"))) with
        { Keys = ["seed", "model", "prune.criterion"] };

        Assert.StartsWith(
            """
            | prune.criterion | facts, accuracy | random prune | perplexity | random prune | parameters | bytes |
            | --- | --- | --- | --- | --- | --- | --- |
            | soft | 0.8500 ± 0.0500 \* | 0.6000 ± 0.0000 | 2.0000 ± 0.0000 \* | - | 250 | 1,000 |
            | actual | 0.8000 ± 0.1000 | 0.6000 ± 0.0000 | 2.0000 ± 0.0000 \* | - | 250 | 1,000 |

            Means ± standard errors of the mean over 2 seeds.
            """,
            SweepFiles.Markdown(table),
            StringComparison.Ordinal);
        Assert.Equal(2, JsonNode.Parse(SweepFiles.Json(table))!["over_seeds"]!.AsArray().Count);
    }

    [Fact]
    public void Over_seeds_has_no_mean_of_those_that_did_not_fail()
    {
        var failed = Of(2, accuracy: 0, ("seed", "2")) with { Report = null, Failure = new PointFailure(2, "no", "no") };

        var row = Assert.Single((Of(Of(1, accuracy: 0.8, ("seed", "1")), failed) with { Keys = ["seed"] }).OverSeeds!.Rows);

        Assert.Null(row.Report);
        Assert.NotNull(row.Failure);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0, 2)]
    [InlineData(1, 2, 1, 0)]
    public void Exits_with_the_worst_of_its_points(int worst, params int[] codes)
    {
        var rows = codes.Select((code, i) => Row(i + 1, "x", accuracy: 1, perplexity: 1, bytes: 1) with { Failure = code == 0 ? null : new PointFailure(code, "", "") });

        Assert.Equal(worst, Of([.. rows]).ExitCode);
    }

    [Fact]
    public void Of_points_that_evaluate_nothing_says_at_least_what_failed()
    {
        var table = Of(new SweepRow(Point(1, "a"), Report: null, Failure: null), new SweepRow(Point(2, "b"), Report: null, new PointFailure(1, "no", "no"))) with { Metrics = [] };

        Assert.StartsWith("| prune.criterion | error |\n| --- | --- |\n| a |  |\n| b | 002: no |\n", SweepFiles.Markdown(table), StringComparison.Ordinal);
    }

    private static SweepTable Of(params SweepRow[] rows) =>
        new("t", ["prune.criterion"], [new SweepMetric("facts", "accuracy", IsHigherBetter: true), new SweepMetric("perplexity", "perplexity", IsHigherBetter: false)], [.. rows], Full: null);

    private static SweepRow Row(int number, string value, double accuracy, double? perplexity, long bytes)
    {
        var footprint = new Footprint(bytes / 4, 500, bytes);
        var random = new RandomControl(
            [1, 2],
            new Dictionary<string, TaskResult>(StringComparer.Ordinal) { ["facts"] = new() { Acc = 0.6, AccStderr = 0.1 }, ["perplexity"] = new() },
            [],
            footprint);
        var results = new Dictionary<string, TaskResult>(StringComparer.Ordinal) { ["facts"] = new() { Acc = accuracy, AccStderr = 0.01 }, ["perplexity"] = new() { Perplexity = perplexity } };
        return new SweepRow(Point(number, value), new EvaluationReport(new EvaluationResult(results, footprint), new Neighbours { Random = random }), Failure: null);
    }

    private static SweepRow Of(int number, double accuracy, params (string Key, string Value)[] settings) =>
        Row(number, "", accuracy, perplexity: 2, bytes: 1000) with { Point = new SweepPoint(number, [.. settings.Select(setting => new Setting(setting.Key, setting.Value))], null!) };

    private static SweepPoint Point(int number, string value)
    {
        var sweep = SweepFile.Parse("name: t\nmodel: m\nstages: [prune: { plan: p.json }]\n", "recipe.yaml", [], [], []);
        return new SweepPoint(number, [new Setting("prune.criterion", value.Contains('"', StringComparison.Ordinal) ? $"\"{value.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : value)], sweep.Points[0].File);
    }
}
