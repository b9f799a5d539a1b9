using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// A thread that computes a piece of a batch while others compute theirs. libtorch splits every single operation over all threads, which wait for the slowest at
/// its end; workers wait for each other once for many operations, and what one has written is in its core's cache when it reads it.
/// <code>
/// mid-size Mixtral, layers of 4 x 512 tokens, two cores, of the best matmul     an operation over both     a half of the batch each
///   float32                                                                     0.67                       0.70
///   bfloat16                                                                    0.55                       0.63
/// </code>
/// </summary>
internal sealed unsafe class Worker
{
    private static readonly ConcurrentBag<Worker> Idle = [];

    // How many threads the operations of the calling thread take: settings of OpenMP and of MKL.
    private static readonly delegate* unmanaged<int, void> OfOpenMp = (delegate* unmanaged<int, void>)Function("omp_set_num_threads");
    private static readonly delegate* unmanaged<int, int> OfMkl = (delegate* unmanaged<int, int>)Function("MKL_Set_Num_Threads_Local");

    /// <summary>Of the piece that this thread works at.</summary>
    [ThreadStatic]
    private static Crew? _crew;

    // About 20 microseconds before it sleeps: the next layer's piece follows at once.
    private readonly ManualResetEventSlim _given = new(initialState: false, spinCount: 200);
    private Action? _work;

    private Worker() => new Thread(Loop) { IsBackground = true, Name = "worker" }.Start();

    /// <summary>Whether there can be any: libtorch must be one that OpenMP serves.</summary>
    public static bool Serve => OfOpenMp is not null;

    /// <summary>
    /// How many threads a kernel of ours may use, whose bits don't depend on it: as many as an operation of libtorch, and those of pieces that are through already. Two
    /// cores of a machine that others use are seldom through at once.
    /// </summary>
    public static int Threads => _crew?.Share ?? get_num_threads();

    /// <summary>Does all pieces at once, each by a thread of its own, in a dispose scope of its own.</summary>
    /// <param name="pieces">How many.</param>
    /// <param name="threads">For the operations of each.</param>
    /// <param name="work">Gets the number of the piece. Gradients are off in it.</param>
    /// <exception cref="Exception">What the first of those that failed threw.</exception>
    public static void Each(int pieces, int threads, Action<int> work)
    {
        var inference = is_inference_mode_enabled();
        var faults = new ExceptionDispatchInfo?[pieces];
        using var running = new CountdownEvent(pieces);
        var crew = new Crew(pieces, pieces * threads);
        var workers = new Worker[pieces];
        for (var i = 0; i < pieces; i++)
        {
            var piece = i;
            workers[i] = Idle.TryTake(out var idle) ? idle : new Worker();
            workers[i].Give(() => Run(piece));
        }

        running.Wait();
        Array.ForEach(workers, Idle.Add);
        Array.Find(faults, fault => fault is not null)?.Throw();

        void Run(int piece)
        {
            try
            {
                OfOpenMp(threads);
                if (OfMkl is not null)
                {
                    OfMkl(threads);
                }

                _crew = crew;
                using var mode = inference ? inference_mode() : null;
                using var noGraph = no_grad();
                using var scope = NewDisposeScope();
                work(piece);
            }
            catch (Exception error)
            {
                faults[piece] = ExceptionDispatchInfo.Capture(error);
            }
            finally
            {
                _crew = null;
                crew.Leave();
                running.Signal();
            }
        }
    }

    private void Give(Action work)
    {
        _work = work;
        _given.Set();
    }

    private void Loop()
    {
        // libtorch gives a thread its default number with the thread's first question; later it stays what we say.
        get_num_threads();
        while (true)
        {
            _given.Wait();
            _given.Reset();
            _work!();
        }
    }

    /// <summary>Of a library that libtorch's is linked with; 0 where there is none.</summary>
    private static nint Function(string name) => NativeLibrary.TryGetExport(LibTorch.Cpu, name, out var address) ? address : 0;

    /// <summary>Those who work at the pieces of one thing.</summary>
    /// <param name="pieces">How many begin.</param>
    /// <param name="threads">Of all of them together.</param>
    private sealed class Crew(int pieces, int threads)
    {
        private int _left = pieces;

        /// <summary>Threads for each piece that is not through.</summary>
        public int Share => threads / Math.Max(Volatile.Read(ref _left), 1);

        public void Leave() => Interlocked.Decrement(ref _left);
    }
}
