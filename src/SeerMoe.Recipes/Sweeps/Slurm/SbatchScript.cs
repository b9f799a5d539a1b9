using System.Text;

namespace SeerMoe.Recipes.Sweeps.Slurm;

/// <summary>A batch script, written beside the sweep for people to read and to submit again by hand.</summary>
/// <param name="Name">Of the script, its job and its logs: `points-1`.</param>
/// <param name="Says">What it does, a comment.</param>
/// <param name="Arguments">The command and its arguments; <see cref="ShellWord.Task"/> is the task's number.</param>
internal sealed record SbatchScript(string Name, string Says, IReadOnlyList<string> Arguments)
{
    /// <summary>Numbers of the array's tasks; none for a single job.</summary>
    public IReadOnlyList<int> Tasks { get; init; } = [];

    /// <summary>Tasks that run at once; null is as many as the cluster lets.</summary>
    public int? AtOnce { get; init; }

    /// <summary>"points-1-3.log".</summary>
    public string LogOf(int? task) => task is null ? $"{Name}.log" : $"{Name}-{task}.log";

    /// <param name="sweep">The recipe's name.</param>
    /// <param name="folder">Full path of the folder for logs.</param>
    /// <param name="options">What the user adds, `--time=1:00:00` each.</param>
    public string Text(string sweep, string folder, IReadOnlyList<string> options)
    {
        // Slurm reads double quotes, and % as the start of a number to put in.
        var log = $"{folder.Replace("%", "%%", StringComparison.Ordinal)}/{Name}{(Tasks.Count > 0 ? "-%a" : "")}.log";
        string[] array = Tasks.Count == 0 ? [] : [$"--array={Ranges(Tasks)}{(AtOnce is { } most ? $"%{most}" : "")}"];
        var text = new StringBuilder("#!/bin/bash\n");
        text.Append($"# {Says}\n");
        text.AppendJoin("", array.Prepend($"--job-name=seer-{sweep}-{Name}").Append($"--output=\"{log}\"").Concat(options).Select(option => $"#SBATCH {option}\n"));
        return text.Append("\nexec ").AppendJoin(" \\\n  ", Lines()).Append('\n').ToString();
    }

    // An option and its value on a line.
    private IEnumerable<string> Lines()
    {
        var line = "";
        foreach (var argument in Arguments)
        {
            if (line.Length > 0 && argument.StartsWith("--", StringComparison.Ordinal))
            {
                yield return line;
                line = "";
            }

            line += (line.Length > 0 ? " " : "") + ShellWord.Of(argument);
        }

        yield return line;
    }

    /// <summary>"1-3,5".</summary>
    internal static string Ranges(IReadOnlyList<int> ascending)
    {
        var ranges = new List<string>();
        for (int i = 0, j; i < ascending.Count; i = j)
        {
            for (j = i + 1; j < ascending.Count && ascending[j] == ascending[j - 1] + 1; j++)
            {
                // As long as they follow each other.
            }

            ranges.Add(j == i + 1 ? $"{ascending[i]}" : $"{ascending[i]}-{ascending[j - 1]}");
        }

        return string.Join(',', ranges);
    }
}
