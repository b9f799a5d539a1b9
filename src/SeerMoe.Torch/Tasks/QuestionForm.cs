using System.Text.Json.Nodes;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Torch.Tasks;

/// <summary>From a row to what is scored, as the definition's templates say.</summary>
internal sealed class QuestionForm(TaskDefinition definition)
{
    /// <param name="header">Description and shots: what stands before every question of a subject.</param>
    /// <exception cref="InputException">The row lacks something, or its answer is none of its choices.</exception>
    public Question Question(TaskRow row, string header = "") => Reading(row, fields => definition.Form == TaskForm.MultipleChoice ? Choice(row, fields, header) : Word(row, fields, header));

    /// <exception cref="InputException">The row lacks something.</exception>
    public Document Document(TaskRow row) => Reading(row, fields =>
    {
        var raw = definition.DocToTarget.Render(fields);
        return new Document(Edited(raw), Counted: raw) { Row = row };
    });

    /// <summary>The question with its right answer, and what parts it from the next.</summary>
    public string Shot(TaskRow row)
    {
        var question = Question(row);
        var (context, continuation, _) = question.Options[question.Answer];

        // Of a task without choices the harness, too, puts its delimiter before a target that has a space of its own.
        return context + (definition.Form == TaskForm.MultipleChoice ? "" : definition.TargetDelimiter) + continuation + definition.FewShot!.Delimiter;
    }

    private Question Choice(TaskRow row, JsonObject fields, string header)
    {
        string[] choices = [.. definition.DocToChoice!.Render(fields).Select(Edited)];
        if (choices.Length < 2)
        {
            throw new FormatException("it lacks a second choice");
        }

        if (Array.Exists(choices, string.IsNullOrEmpty))
        {
            throw new FormatException("a choice is empty");
        }

        var answer = Answer(fields, choices.Length);
        if (definition.DocToContinuation is { } end)
        {
            var continuation = definition.TargetDelimiter + Edited(end.Render(fields));
            return new Question([.. choices.Select(choice => new Option(header + choice, continuation, choice))], answer) { Row = row };
        }

        var context = header + Edited(definition.DocToText.Render(fields));
        return new Question([.. choices.Select(choice => new Option(context, definition.TargetDelimiter + choice, choice))], answer) { Row = row };
    }

    private Question Word(TaskRow row, JsonObject fields, string header)
    {
        var target = Edited(definition.DocToTarget.Render(fields));
        return new Question([new Option(header + Edited(definition.DocToText.Render(fields)), target, target)], 0) { Row = row };
    }

    private int Answer(JsonObject fields, int choices)
    {
        var target = definition.DocToTarget.Render(fields);
        var answer = definition.TargetAmong is { } among ? among.Render(fields).ToList().IndexOf(target)
            : int.TryParse(target, out var index) ? index
            : throw new FormatException($"the answer '{target}' is no whole number");
        return answer >= 0 && answer < choices ? answer : throw new FormatException($"answer {target} is none of the {choices} choices");
    }

    private string Edited(string text) => definition.Edits.Aggregate(text, (so, edit) => edit.Apply(so));

    private T Reading<T>(TaskRow row, Func<JsonObject, T> read)
    {
        try
        {
            return read(row.Fields);
        }
        catch (FormatException error)
        {
            throw new InputException($"The row can't be used: {error.Message}.", row.Where, $"Compare it with the others; the task is {definition.Name}, version {definition.Version}.", error);
        }
    }
}
