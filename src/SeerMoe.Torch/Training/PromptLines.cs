using System.Text.Json;
using SeerMoe.Tokenization;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Training;

/// <summary>
/// Lines of a prompt and its completion, of which the completion alone is learned, encoded as evaluation encodes a question:
/// <code>
/// {"prompt": "2 + 2 =", "completion": " 4"}                          2 + 2 = 4 §
/// {"question": "2 + 2 =", "choices": ["5", "4"], "answer": 1}        ........^^^  learned
/// </code>
/// White space at the end of the prompt is learned with the completion; an empty prompt is the tokenizer's first token.
/// </summary>
public static class PromptLines
{
    /// <exception cref="InputException">A line that lacks a field; names file and line.</exception>
    public static IEnumerable<TokenSequence> Read(TextSource source, ITokenizer tokenizer)
    {
        foreach (var (number, line) in DataLines.Read(source.Path))
        {
            var (prompt, completion) = source.Format == TextFormat.Choices ? Choice(line, source.Path, number) : Fields(line, source, number);
            yield return Encoded(prompt, completion, tokenizer);
        }
    }

    /// <summary>The end-of-text token, or nothing where the tokenizer has none.</summary>
    internal static int[] End(ITokenizer tokenizer) => tokenizer.EndOfText is { } end ? [end] : [];

    private static TokenSequence Encoded(string prompt, string completion, ITokenizer tokenizer)
    {
        var context = PythonText.StripRight(prompt);
        int[] before = context.Length > 0 ? tokenizer.Encode(context) : [.. tokenizer.Prefix is { } prefix ? [prefix] : Array.Empty<int>()];
        var whole = tokenizer.Encode(prompt + completion);
        int[] ids = [.. context.Length > 0 ? [] : before, .. whole, .. End(tokenizer)];
        return new TokenSequence(ids) { Learned = [.. Enumerable.Range(0, ids.Length).Select(position => position >= before.Length)] };
    }

    private static (string Prompt, string Completion) Choice(string line, string path, int number)
    {
        const string whatToDo = "Each line is {\"question\": \"..\", \"choices\": [\"..\", \"..\"], \"answer\": 0}.";
        var parsed = DataLines.Parse<JsonElement>(line, path, number, whatToDo);
        return Text(parsed, "question") is { } question
            && parsed.TryGetProperty("answer", out var answer) && answer.ValueKind == JsonValueKind.Number && answer.TryGetInt32(out var right)
            && parsed.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array && right >= 0 && right < choices.GetArrayLength()
            && choices[right].ValueKind == JsonValueKind.String
            ? (question, " " + choices[right].GetString())
            : throw new InputException("The line is no question with its choices and the index of the right one.", $"{path}({number})", whatToDo);
    }

    private static (string Prompt, string Completion) Fields(string line, TextSource source, int number)
    {
        var whatToDo = $"Each line is a JSON object with its prompt in \"{source.PromptField}\" and its completion in \"{source.Field}\".";
        var parsed = DataLines.Parse<JsonElement>(line, source.Path, number, whatToDo);
        return Text(parsed, source.PromptField!) is { } prompt && Text(parsed, source.Field) is { } completion
            ? (prompt, completion)
            : throw new InputException($"The line has no text in \"{source.PromptField}\" and \"{source.Field}\".", $"{source.Path}({number})", whatToDo);
    }

    private static string? Text(JsonElement line, string field) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
