using System.Text.Json.Serialization;
using SeerMoe.Torch.Calibration;

namespace SeerMoe.Torch.Evaluation;

/// <summary>A multiple-choice question of our own form: a line <c>{"question": "..", "choices": ["..", ".."], "answer": 0}</c>.</summary>
/// <param name="Context">What stands before the choice; the choice follows after one space.</param>
/// <param name="Choices">Two or more.</param>
/// <param name="Answer">Index of the right one, from 0.</param>
public sealed record Question(string Context, IReadOnlyList<string> Choices, int Answer)
{
    private const string Form = "Each line is {\"question\": \"..\", \"choices\": [\"..\", \"..\"], \"answer\": index from 0}.";

    /// <exception cref="InputException">A line of another form; names file and line.</exception>
    public static IEnumerable<Question> Read(string path)
    {
        foreach (var (number, line) in DataLines.Read(path))
        {
            var parsed = DataLines.Parse<QuestionLine>(line, path, number, Form);
            var where = $"{path}({number})";
            if (parsed is not { Question: { } question, Choices: { Length: >= 2 } choices, Answer: { } answer })
            {
                throw new InputException("The line lacks a question, two or more choices, or the answer.", where, Form);
            }

            if (answer < 0 || answer >= choices.Length)
            {
                throw new InputException($"Answer {answer} is none of the {choices.Length} choices.", where, "Answers are indices that count from 0.");
            }

            if (Array.Exists(choices, string.IsNullOrEmpty))
            {
                throw new InputException("A choice is empty.", where, "Each choice needs at least one character.");
            }

            yield return new Question(question, choices, answer);
        }
    }

    private sealed record QuestionLine(
        [property: JsonPropertyName("question")] string? Question,
        [property: JsonPropertyName("choices")] string[]? Choices,
        [property: JsonPropertyName("answer")] int? Answer);
}
