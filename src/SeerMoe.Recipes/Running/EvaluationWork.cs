using SeerMoe.Checkpoints;
using SeerMoe.Digests;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Planning;
using SeerMoe.Saving;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>The models of an evaluate stage, measured one after the other; each beside the base where that was measured first.</summary>
internal sealed class EvaluationWork : IDisposable
{
    private const int KeyDigits = 16;

    private readonly StageContext _context;
    private readonly EvaluateStep _step;
    private readonly Checkpoint _model;
    private readonly List<IEvalTask> _tasks;
    private readonly string? _temporary;
    private BaseRecord? _base;
    private int _models;

    /// <param name="model">The base.</param>
    public EvaluationWork(StageContext context, EvaluateStep step, Checkpoint model)
    {
        (_context, _step, _model) = (context, step, model);
        _tasks = [.. step.Tasks.Select(task => PlannedTasks.Of(context.Plan.File, task))];
        _temporary = context.Save is null ? Directory.CreateTempSubdirectory("seer-base-").FullName : null;
    }

    /// <summary>The model before anything was done to it. All that are measured afterwards are compared with it.</summary>
    public EvaluationResult Base()
    {
        var save = NextSave();
        var own = new BaseRecord(_context.Save?.PathOf("base") ?? _temporary!);
        EvaluationResult MeasureInto(BaseRecord record) => Measure(ModelNames.Full, _model, [null], save, BasePart.IsBase(record))[0];
        (var result, _base) = _context.Shared is { } shared
            ? shared.Base((_context.Plan, _context.Stage), own, MeasureInto)
            : (MeasureInto(own), own);
        return result;
    }

    /// <summary>Any other.</summary>
    /// <param name="name">What progress calls it.</param>
    /// <param name="mask">Experts that are masked; null for none.</param>
    public EvaluationResult Of(string name, Checkpoint checkpoint, PrunePlan? mask = null)
    {
        var save = NextSave();
        var part = _base is null ? null : BasePart.Beside(_base, _model);
        return _context.Shared is { } shared && checkpoint.Folder == _model.Folder
            ? shared.Evaluated((_context.Plan, _context.Stage), mask, StageMasks.OfPoints(_context, shared), masks => Measure(name, checkpoint, masks, save, part))
            : Measure(name, checkpoint, [mask], save, part)[0];
    }

    public void Dispose()
    {
        if (_temporary is not null)
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private SavePoint? NextSave() => _context.Save?.Part($"{++_models}");

    private IReadOnlyList<EvaluationResult> Measure(string name, Checkpoint checkpoint, IReadOnlyList<PrunePlan?> masks, SavePoint? save, BasePart? part)
    {
        // A process that was killed may have had other points ahead of it.
        var saveOfMasks = masks.Count == 1 ? save : save?.Part(KeyOf(masks));
        var saved = saveOfMasks?.PathOf(EvaluationReport.FileName);
        if (File.Exists(saved))
        {
            return SeerJson.Read<EvaluationResult[]>(saved, "Run the recipe again without --resume.");
        }

        var who = masks.Count == 1 ? name : $"{name} and {masks.Count - 1} more";
        var progress = _context.Progress is { } inner ? new NamedProgress(inner, what => $"{what}, {who}") : null;
        var results = Evaluating.Evaluate(checkpoint, _tasks, masks, _step.Options, _context.Plan.Compute, progress, save: saveOfMasks, part: part);
        if (results is [{ Speed: { } speed }])
        {
            _context.Events?.Scored(_context.Stage.Id, name, speed);
        }

        if (saved is not null)
        {
            SeerJson.Write(saved, results);
        }

        return results;
    }

    private static string KeyOf(IEnumerable<PrunePlan?> masks)
    {
        var text = string.Join('\n', masks.Select(mask => mask is null ? "" : StageMasks.Text(mask)));
        return TextDigest.Of(text)[..KeyDigits];
    }
}
