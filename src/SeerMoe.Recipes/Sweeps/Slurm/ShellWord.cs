using System.Text.RegularExpressions;

namespace SeerMoe.Recipes.Sweeps.Slurm;

/// <summary>An argument as one word of a shell script, whatever is in it: nothing of it is ever expanded but the task's number.</summary>
internal static partial class ShellWord
{
    /// <summary>Stands in an argument for the number of the array task, which the shell puts there.</summary>
    public const string Task = "\u0001";

    private const string TaskVariable = "\"${SLURM_ARRAY_TASK_ID}\"";

    /// <summary>"it's" -> 'it'\''s'; plain words stay as they are, to be read.</summary>
    public static string Of(string argument) =>
        argument.Length == 0 ? "''" : string.Join(TaskVariable, argument.Split(Task).Select(Literal));

    private static string Literal(string text) =>
        text.Length == 0 || Plain().IsMatch(text) ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex("^[A-Za-z0-9_@%+=:,./-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
