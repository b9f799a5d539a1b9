namespace SeerMoe.Benchmarks;

/// <summary>Something of ours measured beside its neighbour, in one run.</summary>
internal interface IBenchmark
{
    string Name { get; }

    /// <summary>One line for the list.</summary>
    string What { get; }

    /// <summary>Prints one table; gives the exit code.</summary>
    int Run(string[] arguments);
}
