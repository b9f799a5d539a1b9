using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Tool.Commands;

/// <summary>What --lm-eval-results and --log-samples ask for, each where it is given. Like every output, neither may be there already.</summary>
public sealed class HarnessFiles : IDisposable
{
    private readonly string? _results;
    private readonly IEvalTask _task;
    private readonly NewFolder? _folder;
    private readonly HarnessSamples? _samples;

    /// <exception cref="InputException">A file or folder is there already, or there are no samples to log.</exception>
    public HarnessFiles(string? results, string? samples, string output, IEvalTask task)
    {
        (_results, _task) = (results, task);
        if (results is not null)
        {
            NewFolder.RefuseExisting(Path.GetFullPath(results));
        }

        if (samples is null)
        {
            return;
        }

        if (task is EvalTask { Form: TaskForm.Perplexity } or GenerationTask)
        {
            throw new InputException("Text of your own has no samples.", "--log-samples", "Leave the option out, or ask for a known task.");
        }

        if (Path.GetFullPath(samples).StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(output)) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new InputException("Samples can't be logged inside the output folder.", $"--log-samples {samples}", "Name a folder beside it.");
        }

        _folder = NewFolder.Create(samples);
        _samples = new HarnessSamples(_folder.Path);
        Samples = _samples.Write;
    }

    /// <summary>Null where none are asked for.</summary>
    public Action<Sample>? Samples { get; }

    public void Complete(EvaluationResult evaluation, string model, EvaluateOptions options)
    {
        _samples?.Dispose();
        _folder?.Complete();
        if (_results is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_results))!);
            HarnessResults.Write(_results, evaluation, ((IEvalTask[])[_task]).OfType<DefinedTask>(), model, options);
        }
    }

    public void Dispose()
    {
        _samples?.Dispose();
        _folder?.Dispose();
    }
}
