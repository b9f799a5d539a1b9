using System.Globalization;
using SeerMoe.Checkpoints;
using SeerMoe.Recipes.Tasks;
using SeerMoe.Tokenization;
using SeerMoe.Torch;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Benchmarks;

/// <summary>
/// Five-shot MMLU beside one forward a choice. For all 57 subjects tokens are counted, in OLMoE's tokenizer and a window of 2048; for
/// some both sides run, on the example model, whose tokens are bytes, and must agree.
/// </summary>
internal sealed class EvaluationBenchmark : IBenchmark
{
    private const int Shots = 5;
    private const int UsualWindow = 2048;

    // Longer than any of the subjects that run; the example model was made for less, and nobody looks at its answers here.
    private const int NoWindow = 16384;
    private const int DefaultQuestions = 8;

    public string Name => "evaluation";

    public string What => "five-shot MMLU: tokens and time beside one forward a choice; a number is questions a subject";

    public int Run(string[] arguments)
    {
        if (SharedFolder.Find("data", "mmlu") is not { } data || SharedFolder.Find("tokenizers", "olmoe") is not { } olmoe)
        {
            return 0;
        }

        LibTorch.Load();
        var ratios = new Ratios();
        Count(new DefinedTask(TaskCatalog.Read("mmlu"), data, Shots), TokenizerFolder.Open(olmoe), ratios);

        var limit = arguments is [var number, ..] ? int.Parse(number, CultureInfo.InvariantCulture) : DefaultQuestions;
        using var checkpoint = Checkpoint.Open(SharedFolder.InRepository("examples", "tiny-moe"));
        using var model = MoeTransformer.Load(checkpoint, new Compute(ComputeDevice.Cpu, ComputeType.Float32));
        Console.WriteLine($"\n{"subject",-26} {"questions",9} {"asked",10} {"forwarded",10} {"ratio",6} {"ours s",7} {"naive s",8} {"difference a token",18}");
        foreach (var subject in (string[])["abstract_algebra", "anatomy", "global_facts", "machine_learning", "virology"])
        {
            Measure(model, new DefinedTask(TaskCatalog.Read("mmlu"), data, Shots) { Limit = limit }, subject, TokenizerFolder.Open(checkpoint.Folder));
        }

        ratios.Print();
        return 0;
    }

    private static void Count(DefinedTask task, ITokenizer tokenizer, Ratios ratios)
    {
        ScoringCost[] costs = [.. task.Subjects.Select(subject => ScoringCost.Of(Requests(task, subject, tokenizer, UsualWindow)))];
        var bySubject = costs.Select(cost => (double)cost.Asked / cost.Forwarded).Order().ToList();
        var (asked, forwarded) = (costs.Sum(cost => cost.Asked), costs.Sum(cost => cost.Forwarded));
        Console.WriteLine($"{costs.Length} subjects, {Shots} shots, window {UsualWindow}: {asked:N0} tokens asked, {forwarded:N0} forwarded, {(double)asked / forwarded:F1} times fewer (by subject {bySubject[0]:F1} to {bySubject[^1]:F1})");
        ratios.Add("five-shot MMLU, tokens asked beside forwarded", (double)asked / forwarded);
    }

    private static void Measure(MoeTransformer model, DefinedTask task, string subject, ITokenizer tokenizer)
    {
        var requests = Requests(task, subject, tokenizer, NoWindow);
        IReadOnlyList<Score> ours = [], naive = [];
        var scored = new ScoredModel(model, batchSize: 16);
        var (fast, slow) = SideBySide.Medians(
            rounds: 1,
            () => ours = scored.Score(requests),
            () => naive = [.. requests.Select(request => new ScoredModel(model, batchSize: 1).Score([request])[0])]);
        var difference = ours.Zip(naive, (one, other) => Math.Abs(one.LogLikelihood - other.LogLikelihood) / one.Tokens).Max();
        Console.WriteLine(
            $"{subject,-26} {requests.Length / 4,9:N0} {scored.TokensAsked,10:N0} {scored.TokensForwarded,10:N0} {(double)scored.TokensAsked / scored.TokensForwarded,6:F1} {fast.TotalSeconds,7:F1} {slow.TotalSeconds,8:F1} {difference,18:E1}");
    }

    private static ScoreRequest[] Requests(DefinedTask task, string? subject, ITokenizer tokenizer, int window) =>
        [.. task.Questions(subject).SelectMany(new RequestEncoding(tokenizer, window, task.CommonHeader(subject)).Requests)];
}
