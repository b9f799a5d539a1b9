using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Evaluation;

/// <summary>What a model is asked: which of several continuations is the likeliest.</summary>
/// <param name="Options">Two or more for a choice, one for a likelihood.</param>
/// <param name="Answer">Index of the right one, from 0.</param>
public sealed record Question(IReadOnlyList<Option> Options, int Answer)
{
    /// <summary>Choices that follow one context after a space.</summary>
    public Question(string context, IReadOnlyList<string> choices, int answer)
        : this([.. choices.Select(choice => new Option(context, " " + choice, choice))], answer)
    {
    }

    /// <summary>What it was made of; null for one made by hand.</summary>
    public TaskRow? Row { get; init; }
}

/// <summary>One of the continuations.</summary>
/// <param name="Context">What stands before it, shots included.</param>
/// <param name="Continuation">What is scored, the delimiter included.</param>
/// <param name="Choice">What its likelihood is divided by the length of.</param>
public sealed record Option(string Context, string Continuation, string Choice);
