using SeerMoe.Torch.Calibration;

namespace SeerMoe.Torch.Evaluation;

/// <summary>Greedy continuations of held-out prompts: a pruned model can loop although its perplexity looks fine.</summary>
/// <param name="Source">Each document gives one prompt, its beginning; plain text is cut into several.</param>
public sealed record GenerationTask(string Name, TextSource Source, GenerationOptions Options) : IEvalTask
{
    /// <summary>What recipes and the command line call it.</summary>
    public const string Word = "generation";
}

/// <summary>How long and how many.</summary>
public sealed record GenerationOptions
{
    /// <summary>Prompts at most; documents that are too short give none.</summary>
    public int Prompts { get; init; } = 32;

    /// <summary>Tokens a prompt, the first token of a text included.</summary>
    public int PromptTokens { get; init; } = 32;

    /// <summary>Tokens that follow, fewer where the text ends before.</summary>
    public int NewTokens { get; init; } = 128;
}
