using System.Reflection;
using System.Text.Json;
using SeerMoe.Recipes.Locking;

namespace SeerMoe.Tool.Topics;

/// <summary>`seer help lock`.</summary>
internal static class LockTopic
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        [nameof(RunLock.Schema)] = $"{RunLock.CurrentSchema}: how to read it.",
        [nameof(RunLock.Recipe)] = "The recipe with every default filled in (recipe.yaml of the run), by its SHA-256.",
        [nameof(RunLock.Seed)] = "The seed of everything random.",
        [nameof(RunLock.Environment)] = $"What decides about the numbers: {string.Join(", ", Names(typeof(EnvironmentInfo)))}.",
        [nameof(RunLock.Inputs)] = "Every file that was read, relative to the recipe, with size and SHA-256.",
        [nameof(RunLock.Stages)] = $"Of each stage: {string.Join(", ", Names(typeof(StageLock)))}.",
    };

    public static string Text() => new TopicPage()
        .Paragraph($"A run that finished has a {LockFile.Name}, written last: the proof of what went in and what came out. It holds no time, machine or absolute path, so the same recipe, inputs, versions and device class give the same bytes.")
        .Rows("It holds", typeof(RunLock).GetProperties().Where(IsWritten).OrderBy(property => property.Name != nameof(RunLock.Schema)).Select(property => (Name(property), Meanings[property.Name])))
        .Rows("Example",
        [
            ("dotnet seer run quickstart.yaml", "ends with 'run: runs/quickstart/1'"),
            ("dotnet seer verify runs/quickstart/1", $"hashes every file; exit code {ExitCode.Differs} if one differs"),
            ("dotnet seer reproduce runs/quickstart/1", $"runs it again; exit code {ExitCode.Differs} if anything differs"),
            ("dotnet seer run quickstart.yaml --locked", "refuses other inputs and versions"),
        ])
        .Paragraph("A stage's key covers its options, inputs, versions, precision and device class. A stage whose key any run in the folder has is reused after its files were hashed: change one option, and only what depends on it runs again.")
        .Paragraph("On other versions or another device last bits differ: 'reproduce' then compares metrics within tolerances, and says so. Keep a copy beside the recipe (quickstart.lock.json) to hold others to it with --locked.")
        .ToString();

    private static bool IsWritten(PropertyInfo property) => property.Name != "EqualityContract";

    private static IEnumerable<string> Names(Type record) => record.GetProperties().Where(IsWritten).Select(Name);

    private static string Name(PropertyInfo property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
}
