using Spectre.Console;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool;

/// <summary>Ctrl-C: the first one stops between two pieces of work, so that nothing half-written stays; the second one at once.</summary>
public sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly Terminal _terminal;

    public Interrupt(Terminal terminal)
    {
        _terminal = terminal;
        Console.CancelKeyPress += Pressed;
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Console.CancelKeyPress -= Pressed;
        _source.Dispose();
    }

    private void Pressed(object? sender, ConsoleCancelEventArgs pressed)
    {
        pressed.Cancel = !_source.IsCancellationRequested;
        if (pressed.Cancel)
        {
            _source.Cancel();
            _terminal.Say("interrupted:", Color.Yellow, "stopping cleanly; Ctrl-C again stops at once");
        }
    }
}
