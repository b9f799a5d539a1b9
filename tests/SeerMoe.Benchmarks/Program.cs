using SeerMoe.Benchmarks;

// A benchmark is one file and one line here.
IBenchmark[] benchmarks = [new TokenizersBenchmark(), new PruneBenchmark(), new TrainingMemoryBenchmark(), new EvaluationBenchmark(), new StreamingBenchmark(), new EstimatesBenchmark(), new ForwardBenchmark(), new StartUpBenchmark(), new SweepBenchmark()];

benchmarks = [.. benchmarks, new AllBenchmarks(benchmarks)];

if (args is [var name, .. var rest] && Array.Find(benchmarks, benchmark => benchmark.Name == name) is { } chosen)
{
    return chosen.Run(rest);
}

Console.Error.WriteLine("dotnet run -c Release --project tests/SeerMoe.Benchmarks -- NAME");
foreach (var benchmark in benchmarks)
{
    Console.Error.WriteLine($"  {benchmark.Name,-12} {benchmark.What}");
}

return 2;
