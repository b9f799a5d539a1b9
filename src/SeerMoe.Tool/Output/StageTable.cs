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
        List<(string Stage, string Time, string How)> rows =
        [
            ("stage", "time", ""),
            .. outcome.Plan.Stages.Select(stage => outcome.Reused.TryGetValue(stage.Id, out var from)
                ? (stage.Folder, "", $"reused from {from}")
                : (stage.Folder, seconds.TryGetValue(stage.Id, out var took) ? Time(took) : "", "run")),
            ("total", Time(outcome.Plan.Stages.Where(stage => !outcome.Reused.ContainsKey(stage.Id)).Sum(stage => seconds.GetValueOrDefault(stage.Id))), PeakMemory.Of(outcome.Folder) is { } bytes ? $"peak memory {ProgressText.Memory(bytes)}" : ""),
        ];
        var (stages, times) = (rows.Max(row => row.Stage.Length), rows.Max(row => row.Time.Length));
        return rows.Select(row => $"{row.Stage.PadRight(stages)}  {row.Time.PadRight(times)}  {row.How}".TrimEnd());
    }

    /// <summary>"0.1 s", "17 s", "3 min 05 s", "2 h 10 min".</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 10 => $"{seconds:F1} s",
        < 99.5 => $"{seconds:F0} s",
        < 3600 => $"{(int)seconds / 60} min {(int)seconds % 60:D2} s",
        _ => $"{(int)seconds / 3600} h {(int)seconds % 3600 / 60:D2} min",
    };
}
