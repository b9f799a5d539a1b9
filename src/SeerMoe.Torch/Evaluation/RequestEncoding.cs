using SeerMoe.Tokenization;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// Options as requests, the way lm-evaluation-harness encodes pairs:
/// <code>
/// white space at the end of the context moves to the continuation
/// whole = encode(context + continuation);  ctx = encode(context);  scored = whole[len(ctx):]
/// empty context: ctx = [prefix token];     too long: tokens are lost on the left
/// </code>
/// </summary>
/// <param name="maxLength">Longest input, tokens; the last token of a request is predicted and no input.</param>
/// <param name="header">What all contexts begin with.</param>
public sealed class RequestEncoding(ITokenizer tokenizer, int maxLength, string header = "")
{
    private readonly int[] _header = tokenizer.Encode(header);

    private (string Context, int Tokens) _last = ("", 0);

    /// <summary>One request an option.</summary>
    public IEnumerable<ScoreRequest> Requests(Question question) => question.Options.Select(option => Request(option, question));

    private ScoreRequest Request(Option option, Question question)
    {
        var context = PythonText.StripRight(option.Context);
        var whole = tokenizer.Encode(option.Context + option.Continuation);
        var contextLength = ContextLength(context);
        int[] ids = contextLength == 0 ? [Prefix(question), .. whole] : whole;
        var scored = whole.Length - contextLength;
        if (scored < 1 || scored > maxLength)
        {
            // At 0 the choice would win with a probability of 1.
            throw new InputException(
                $"The choice '{option.Choice}' comes to {scored} tokens after its question; it must be 1 to {maxLength}.",
                question.Row?.Where ?? $"question: {option.Context}",
                "Widen the window, or check that the tokenizer does not merge a choice into its question.");
        }

        var request = ScoreRequest.Tail(ids[Math.Max(0, ids.Length - maxLength - 1)..], scored);
        return request with { SharedTokens = Math.Min(request.Sequence.Ids.AsSpan().CommonPrefixLength(_header), request.Sequence.Ids.Length - scored) };
    }

    // The choices of a question mostly share their context.
    private int ContextLength(string context)
    {
        if (context.Length > 0 && context != _last.Context)
        {
            _last = (context, tokenizer.Encode(context).Length);
        }

        return context.Length == 0 ? 0 : _last.Tokens;
    }

    private int Prefix(Question question) => tokenizer.Prefix
        ?? throw new InputException("A question is empty and the tokenizer has no token to begin with.", question.Row?.Where ?? "tokenizer_config.json", "Give the question some text.");
}
