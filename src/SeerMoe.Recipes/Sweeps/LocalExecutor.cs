using System.Collections.Concurrent;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>In this process: each count once, then the points, <paramref name="jobs"/> at a time.</summary>
public sealed class LocalExecutor(int jobs = 1) : IExecutor
{
    public void Run(SweepWork work, IProgress<Progress>? progress, CancellationToken interrupted)
    {
        var shared = progress is null ? null : new OneAtATime(progress);
        var ready = new ConcurrentQueue<PlannedPoint>();
        foreach (var group in work.ByCount)
        {
            if (group[0].Count is null || PointRun.Count(work, group, shared) is null)
            {
                foreach (var point in group)
                {
                    ready.Enqueue(point);
                }
            }
        }

        // A point that runs beside others can't wait for them to measure.
        var results = new SharedResults(work.Folder.Path, work.Cache) { Points = jobs == 1 ? [.. ready.Select(point => point.Plan)] : [] };

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        if (jobs == 1)
        {
            // glibc's malloc keeps large blocks for the first thread only: others map and clear each of them anew.
            Work();
            return;
        }

        // Threads of their own: libtorch's modes and TorchSharp's scopes belong to a thread.
        Task[] workers = [.. Enumerable.Range(0, Math.Min(jobs, ready.Count)).Select(_ => Task.Factory.StartNew(Work, stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        try
        {
            Task.WaitAll(workers, CancellationToken.None);
        }
        catch (AggregateException error) when (error.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            throw new OperationCanceledException(error.Message, error, interrupted);
        }

        void Work()
        {
            while (ready.TryDequeue(out var point))
            {
                try
                {
                    stop.Token.ThrowIfCancellationRequested();
                    PointRun.Run(work.Folder, point, work.Cache, shared, stop.Token, results);
                }
                catch (OperationCanceledException)
                {
                    stop.Cancel(); // the progress of one notices first; the others stop where they look
                    throw;
                }
            }
        }
    }

    private sealed class OneAtATime(IProgress<Progress> inner) : IProgress<Progress>
    {
        private readonly Lock _lock = new();

        public void Report(Progress value)
        {
            lock (_lock)
            {
                inner.Report(value);
            }
        }
    }
}
