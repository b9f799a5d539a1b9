using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Planning;
using SeerMoe.Saving;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>The models of an evaluate stage, measured one after the other; each beside the base where that was measured first.</summary>
internal sealed class EvaluationWork : IDisposable
{
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
        EvaluationResult MeasureInto(BaseRecord record) => Measure(ModelNames.Full, _model, mask: null, save, BasePart.IsBase(record));
        (var result, _base) = _context.Shared is { } shared
            ? shared.Base(_context.Plan, _context.Stage, own, MeasureInto)
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
            ? shared.Evaluated(_context.Plan, _context.Stage, mask, () => Measure(name, checkpoint, mask, save, part))
            : Measure(name, checkpoint, mask, save, part);
    }

    public void Dispose()
    {
        if (_temporary is not null)
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private SavePoint? NextSave() => _context.Save?.Part($"{++_models}");

    private EvaluationResult Measure(string name, Checkpoint checkpoint, PrunePlan? mask, SavePoint? save, BasePart? part)
    {
        var saved = save?.PathOf(EvaluationReport.FileName);
        if (File.Exists(saved))
        {
            return SeerJson.Read<EvaluationResult>(saved, "Run the recipe again without --resume.");
        }

        var progress = _context.Progress is { } inner ? new NamedProgress(inner, what => $"{what}, {name}") : null;
        var result = Evaluating.Evaluate(checkpoint, _tasks, mask, _step.Options, _context.Plan.Compute, progress, save: save, part: part);
        if (result.Speed is { } speed)
        {
            _context.Events?.Scored(_context.Stage.Id, name, speed);
        }

        if (saved is not null)
        {
            SeerJson.Write(saved, result);
        }

        return result;
    }
}
