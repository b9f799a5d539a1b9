using SeerMoe.Recipes.Running;
using SeerMoe.Tool.Inspection;

namespace SeerMoe.Tool.Output;

/// <summary>
/// What each stage of a run took, and which were not needed.
/// <code>
/// stage         time
/// 1-count              reused from quickstart/1/1-count
/// 2-prune       0.1 s  run
/// 3-regularize  17 s   run
/// total         18 s   peak memory 466 MB
/// </code>
/// </summary>
public static class StageTable
{
    public static IEnumerable<string> Lines(RunOutcome outcome)
    {
        var seconds = StageTimes.Of(outcome.Folder);
        var total = outcome.Plan.Stages.Where(stage => !outcome.Reused.ContainsKey(stage.Id)).Sum(stage => seconds.GetValueOrDefault(stage.Id));
        List<(string Stage, string Time, string How)> rows =
        [
            ("stage", "time", ""),
            .. outcome.Plan.Stages.Select(stage => outcome.Reused.TryGetValue(stage.Id, out var from)
                ? (stage.Folder, "", $"reused from {from}")
                : (stage.Folder, seconds.TryGetValue(stage.Id, out var took) ? DurationText.Of(took) : "", "run")),
            ("total", DurationText.Of(total), PeakMemory.Of(outcome.Folder) is { } bytes ? $"peak memory {ProgressText.Memory(bytes)}" : ""),
        ];
        var (stages, times) = (rows.Max(row => row.Stage.Length), rows.Max(row => row.Time.Length));
        return rows.Select(row => $"{row.Stage.PadRight(stages)}  {row.Time.PadRight(times)}  {row.How}".TrimEnd());
    }
}
