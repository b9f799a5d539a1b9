using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Yaml;

/// <summary>`facts`, or <c>{ task: mmlu, data: mmlu-folder, shots: 5, limit: 100 }</c>, or <c>{ task: generation, data: held-out, prompts: 32 }</c>. Faulty ones stay in, so that the rest of them is checked.</summary>
internal sealed class TaskChoiceForm : ValueForm<TaskChoice>
{
    private static readonly RecordForm<TaskChoice> Keys = new RecordForm<TaskChoice>("a task", () => new TaskChoice(""))
        .Key("task", PathForm.Instance, c => c.Task, (c, v) => c with { Task = v })
        .Key("data", TextForm.Any, c => c.Data, (c, v) => c with { Data = v }, required: true)
        .Key("shots", NumberForm<int>.From(0), c => c.Shots, (c, v) => c with { Shots = v })
        .Key("limit", NumberForm<int>.From(1), c => c.Limit, (c, v) => c with { Limit = v })
        .Key("prompts", NumberForm<int>.From(1), c => Options(c)?.Prompts, (c, v) => c with { Generation = (c.Generation ?? new()) with { Prompts = v } })
        .Key("prompt_tokens", NumberForm<int>.From(1), c => Options(c)?.PromptTokens, (c, v) => c with { Generation = (c.Generation ?? new()) with { PromptTokens = v } })
        .Key("new_tokens", NumberForm<int>.From(1), c => Options(c)?.NewTokens, (c, v) => c with { Generation = (c.Generation ?? new()) with { NewTokens = v } });

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out TaskChoice value)
    {
        if (node is YamlMapping)
        {
            return Keys.TryRead(node, path, reading, out value);
        }

        value = TextForm.Any.TryRead(node, path, reading, out var name) ? new TaskChoice(name) : null;
        return value is not null;
    }

    public override JsonNode Write(TaskChoice value) => value == new TaskChoice(value.Data) ? JsonValue.Create(value.Data) : Keys.Write(value);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(TextForm.Any.Schema(), Keys.Schema()) };

    // What is left out has a value too, and the stage's key covers it.
    private static GenerationOptions? Options(TaskChoice choice) => choice.Generation ?? (choice.IsGeneration ? new() : null);
}
