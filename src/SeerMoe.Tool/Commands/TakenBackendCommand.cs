using SeerMoe.Tool.Backends;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>A command that puts a backend to use: not before its libraries have passed every check.</summary>
public abstract class TakenBackendCommand : SeerCommand
{
    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var backend = Take(terminal);
        var trial = BackendTrialProcess.Require(backend);
        backend.Activate();
        terminal.Result(Json, new { backend.Name, backend.Folder, trial.CudaDevices }, $"{backend.Name}: {backend.Folder}");
        return ExitCode.Done;
    }

    /// <summary>The backend that is asked for; not in use yet.</summary>
    /// <exception cref="InputException">It can't be had.</exception>
    protected abstract Backend Take(Terminal terminal);
}
