using SeerMoe.Tokenization;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Evaluation;

/// <summary>The largest pass of an evaluation: of the longest inputs of each task, which stand in one batch, since batches are sorted by length.</summary>
public static class ScoringSize
{
    /// <param name="tokenizer">Called where a task has text.</param>
    /// <param name="vocabularySize">V, to check token lines against.</param>
    /// <param name="window">Longest input of text, tokens.</param>
    /// <param name="options">Batch and limit.</param>
    /// <exception cref="InputException">Bad data.</exception>
    public static PassSize Of(IEnumerable<IEvalTask> tasks, Func<ITokenizer> tokenizer, int vocabularySize, int window, EvaluateOptions options)
    {
        var sizes = tasks.Select(task => task switch
        {
            GenerationTask generation => new PassSize(Math.Min(options.Batch, generation.Options.Prompts), generation.Options.PromptTokens),
            EvalTask { Form: TaskForm.MultipleChoice } own => Text((OwnQuestions.Of(own.Name, own.Source.Path) with { Limit = options.Limit }).Extent()),
            EvalTask { Source.Format: TextFormat.Tokens } own => Sized([.. TokenLines.Read(own.Source.Path, vocabularySize).Take(options.Limit ?? int.MaxValue).Select(line => line.Ids.Length)]),
            EvalTask own => Text(TextExtent.Of(Documents.Read(own.Source).Take(options.Limit ?? int.MaxValue).Select(document => document.Text))),
            DefinedTask defined => Text((defined with { Limit = defined.Limit ?? options.Limit }).Extent()),
            _ => throw new NotSupportedException($"{task.GetType()} is no task known here."),
        });
        return sizes.MaxBy(size => size.Tokens) with { HeadRows = ScoredModel.HeadRows(vocabularySize) };

        // The longest text by characters stands for the longest by tokens; a document longer than the window is several inputs.
        PassSize Text(TextExtent extent)
        {
            var tokens = tokenizer().Encode(extent.Longest).Length;
            return new PassSize(Math.Min(options.Batch, Math.Max(extent.Texts, (tokens / window) + 1)), Math.Min(tokens, window));
        }

        PassSize Sized(IReadOnlyCollection<int> lengths) => lengths.Count == 0 ? default : new PassSize(Math.Min(options.Batch, lengths.Count), lengths.Max());
    }
}
