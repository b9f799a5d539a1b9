using SeerMoe.Tokenization;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Evaluation;

/// <summary>A <see cref="GenerationTask"/> at work: prompts, their continuations, how much those repeat.</summary>
internal static class Generating
{
    /// <param name="tokenizer">Called for text only.</param>
    /// <param name="batch">Prompts a pass.</param>
    /// <param name="done">Prompts continued, of all.</param>
    /// <exception cref="InputException">No document is long enough, or the model was not made for so many tokens.</exception>
    public static TaskResult Run(GenerationTask task, MoeTransformer model, Func<ITokenizer> tokenizer, int batch, Action<int, int> done)
    {
        var options = task.Options;
        RefuseTooLong(task, model.Family.MaxPositions);
        var end = task.Source.Format == TextFormat.Tokens ? null : tokenizer().EndOfText;
        List<int[]> prompts = [.. Prompts(task, model.Family.VocabularySize, tokenizer).Take(options.Prompts)];
        if (prompts.Count == 0)
        {
            throw new InputException($"No document has {options.PromptTokens} tokens to begin with.", task.Source.Path, "Ask for fewer prompt tokens, or name longer documents.");
        }

        var continuations = new List<int[]>();
        foreach (var piece in prompts.Chunk(batch))
        {
            continuations.AddRange(GreedyDecoding.Continue(model, piece, options.NewTokens, end));
            done(continuations.Count, prompts.Count);
        }

        return Repetition.Of(continuations);
    }

    private static void RefuseTooLong(GenerationTask task, int maxPositions)
    {
        var tokens = (long)task.Options.PromptTokens + task.Options.NewTokens;
        if (tokens > maxPositions)
        {
            throw new InputException(
                $"{task.Options.PromptTokens} tokens and {task.Options.NewTokens} new ones are more than the {maxPositions} that the model was made for.", task.Name, "Ask for fewer of either.");
        }
    }

    private static IEnumerable<int[]> Prompts(GenerationTask task, int vocabularySize, Func<ITokenizer> tokenizer)
    {
        var length = task.Options.PromptTokens;
        return task.Source.Format switch
        {
            TextFormat.Tokens => Beginnings(TokenLines.Read(task.Source.Path, vocabularySize).Select(line => line.Ids.Where((_, position) => line.IsReal(position)).ToArray())),
            TextFormat.JsonLines => Beginnings(Documents.Read(task.Source).Select(Encoded)),
            _ => Beginnings(Documents.Read(task.Source).SelectMany(document => Encoded(document).Chunk(length + task.Options.NewTokens))),
        };

        IEnumerable<int[]> Beginnings(IEnumerable<int[]> documents) => documents.Where(ids => ids.Length >= length).Select(ids => ids[..length]);

        int[] Encoded(SourceDocument document) => [.. tokenizer().Prefix is { } prefix ? [prefix] : Array.Empty<int>(), .. tokenizer().Encode(document.Text)];
    }
}
