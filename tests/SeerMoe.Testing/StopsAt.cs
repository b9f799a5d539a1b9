namespace SeerMoe.Testing;

/// <summary>Interrupts whoever reports, at the n-th report.</summary>
/// <param name="report">Counted from 1.</param>
/// <param name="counts">Which reports count; null for all.</param>
public sealed class StopsAt<T>(int report, Func<T, bool>? counts = null) : IProgress<T>
{
    private int _reports;

    public void Report(T value)
    {
        if (counts?.Invoke(value) != false && ++_reports == report)
        {
            throw new OperationCanceledException();
        }
    }
}
