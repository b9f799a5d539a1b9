using System.Text.Json.Nodes;

namespace SeerMoe.Torch.Tasks;

/// <summary>A row of a data file.</summary>
/// <param name="Fields">By column; the subject is one where the task has subjects.</param>
/// <param name="Where">`test.csv(12)`: the line on which it begins.</param>
/// <param name="Lines">Lines of text that became this row: more than one for a page.</param>
public sealed record TaskRow(JsonObject Fields, string Where, int Lines = 1);
