namespace SeerMoe.Tool.Topics;

/// <summary>What `seer help TOPIC` explains: what no single command's help has room for.</summary>
/// <param name="Name">The words that ask for it: "recipes", "stages prune".</param>
/// <param name="About">In a list of topics.</param>
/// <param name="Text">Made of the forms, catalogs and records that do the work, so that it can't say anything else than they do.</param>
public sealed record Topic(string Name, string About, Func<string> Text)
{
    /// <summary>In the order in which somebody new would read them.</summary>
    public static IReadOnlyList<Topic> All { get; } =
    [
        new("recipes", "what may stand in a recipe", RecipesTopic.Text),
        new("stages", "what is done to a model, in which order, and what each stage leaves", StagesTopic.Text),
        .. StagesTopic.Stages.Select(stage => new Topic($"stages {stage}", $"the keys of {stage}", () => StagesTopic.TextOf(stage))),
        new("criteria", "what experts are ranked by", CriteriaTopic.Text),
        new("lock", "the proof that a run leaves, and what it is good for", LockTopic.Text),
    ];
}
