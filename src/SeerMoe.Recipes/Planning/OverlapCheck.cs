using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Planning;

/// <summary>
/// Refuses a recipe that is judged by documents it counted or trained on: such a result says nothing about text that the model has not
/// seen. Documents are compared by <see cref="DocumentHash"/>; those that judge are in memory, 16 bytes each and where they stand, the
/// others pass by.
/// </summary>
public sealed class OverlapCheck
{
    // The points of a sweep mostly read the same files.
    private readonly HashSet<string> _disjoint = new(StringComparer.Ordinal);

    /// <exception cref="InputException">Documents stand on both sides, and the recipe does not allow it; or a line is damaged.</exception>
    public void Refuse(RecipeFile file, CancellationToken interrupted)
    {
        var recipe = file.Recipe;
        if (recipe.AllowOverlap || recipe.Step<EvaluateStep>() is not { } evaluate)
        {
            return;
        }

        // Text that training is watched by is not learned from.
        string?[] names = [recipe.Step<CountStep>()?.Data, recipe.Step<RegularizeStep>()?.Data];
        var sources = names.OfType<string>().Distinct().Select(name => recipe.Find(name)!).ToList();
        var compared = $"{string.Join('|', sources)} {string.Join('|', evaluate.Tasks.Select(task => $"{task} {recipe.Find(task.Data)}"))}";
        if (sources.Count == 0 || _disjoint.Contains(compared))
        {
            return;
        }

        var judging = Judging(file, evaluate, interrupted);
        foreach (var source in sources)
        {
            Refuse(source, file, judging, interrupted);
        }

        _disjoint.Add(compared);
    }

    private static Dictionary<UInt128, (string Task, string Where)> Judging(RecipeFile file, EvaluateStep evaluate, CancellationToken interrupted)
    {
        var judging = new Dictionary<UInt128, (string Task, string Where)>();
        foreach (var task in evaluate.Tasks.Select(choice => PlannedTasks.Of(file, choice)))
        {
            foreach (var document in JudgedDocuments.Of(task))
            {
                interrupted.ThrowIfCancellationRequested();
                judging.TryAdd(document.Hash, (task.Name, document.Where));
            }
        }

        return judging;
    }

    private static void Refuse(DataSource source, RecipeFile file, Dictionary<UInt128, (string Task, string Where)> judging, CancellationToken interrupted)
    {
        (string Where, string Task, string Judging)? first = null;
        var (all, twice) = (0, 0);
        foreach (var document in HashedDocument.Of(source.At(file.Resolve(source.Path))))
        {
            interrupted.ThrowIfCancellationRequested();
            all++;
            if (judging.TryGetValue(document.Hash, out var judge))
            {
                twice++;
                first ??= (document.Where, judge.Task, judge.Where);
            }
        }

        if (first is { } found)
        {
            throw new InputException(
                $"{twice:N0} of {all:N0} documents of '{source.Name}' judge the model too: the first is {Path.GetRelativePath(file.Folder, found.Judging)} of {found.Task}.",
                found.Where,
                "Take them out of one of the two; or say allow_overlap: true (--allow-overlap), which the lock records.");
        }
    }
}
