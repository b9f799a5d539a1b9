using System.Text;
using SeerMoe.Tokenization;

namespace SeerMoe.Benchmarks;

/// <summary>Throughput of every real tokenizer beside Microsoft.ML.Tokenizers' own on the same text.</summary>
internal sealed class TokenizersBenchmark : IBenchmark
{
    private const int Rounds = 7;

    // Checkpoints of these families have it; the last three from their tokenizer.model too.
    private static readonly string[] Names = ["qwen2", "olmoe", "olmo2_dolma2", "deepseek_llm", "llama2", "mixtral", "mixtral_v3"];

    public string Name => "tokenizers";

    public string What => "tokens a second of every real tokenizer beside Microsoft.ML.Tokenizers' own; [TEXT FILE], else WikiText-2's test part";

    public int Run(string[] arguments)
    {
        var path = arguments is [var given, ..] ? given : SharedFolder.Find("data", "wikitext2", "raw", "wiki.test.raw");
        if (path is null)
        {
            return 0;
        }

        var text = File.ReadAllText(path);
        var megabytes = Encoding.UTF8.GetByteCount(text) / 1e6;
        Console.WriteLine($"{Path.GetFileName(path)}, {megabytes:F2} MB in one piece; medians of {Rounds} rounds, both sides in turns; first: a new tokenizer's first pass");
        Console.WriteLine();
        Console.WriteLine("| tokenizer | tokens | ours tokens/s | MB/s | Microsoft tokens/s | MB/s | ours / Microsoft | first | same ids |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|---|");
        var ratios = new Ratios();
        foreach (var name in Names)
        {
            if (SharedFolder.Find("tokenizers", name) is { } folder)
            {
                Console.WriteLine(Row(name, folder, text, megabytes, ratios));
            }
        }

        ratios.Print();
        return 0;
    }

    private static string Row(string name, string folder, string text, double megabytes, Ratios ratios)
    {
        var (ours, theirs) = (TokenizerFolder.Open(folder), MicrosoftTokenizer.Open(folder));
        var (oursIds, theirsIds) = (ours.Encode(text), theirs.Encode(text)); // the first round, which compiles
        var (oursTime, theirsTime) = SideBySide.Medians(Rounds, () => ours.Encode(text), () => theirs.Encode(text));
        var (newOurs, newTheirs) = (TokenizerFolder.Open(folder), MicrosoftTokenizer.Open(folder));
        var first = SideBySide.Time(() => newTheirs.Encode(text)) / SideBySide.Time(() => newOurs.Encode(text));
        ratios.Add($"tokens a second beside Microsoft's, {name}", theirsTime / oursTime);
        return $"| {name} | {oursIds.Length:N0} | {oursIds.Length / oursTime.TotalSeconds:N0} | {megabytes / oursTime.TotalSeconds:F1} "
            + $"| {theirs.Kind} {theirsIds.Count / theirsTime.TotalSeconds:N0} | {megabytes / theirsTime.TotalSeconds:F1} "
            + $"| {theirsTime / oursTime:F2} | {first:F2} | {(oursIds.SequenceEqual(theirsIds) ? "yes" : "no")} |";
    }
}
