using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using SeerMoe.Digests;
using SeerMoe.Recipes.Yaml;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Recipes.Tasks;

/// <summary>The tasks that come with this tool, and those in files of the user's own: both are YAML.</summary>
public static class TaskCatalog
{
    private const string Folder = "Definitions/";
    private const string Extension = ".yaml";

    private static readonly Assembly Assembly = typeof(TaskCatalog).Assembly;

    // A plan asks for a task ten times over, a sweep for that of every point.
    private static readonly ConcurrentDictionary<(string Task, FileStamp Stamp), TaskDefinition> Known = new();

    /// <summary>Ordinal.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..^Extension.Length]).Order(StringComparer.Ordinal)];

    /// <summary>Whether it is the path of a task file, not the name of a known task.</summary>
    public static bool IsFile(string task) => task.EndsWith(Extension, StringComparison.Ordinal) || task.EndsWith(".yml", StringComparison.Ordinal);

    /// <summary>Whether it is a known task or a task file: anything else is a name for data of the user's own.</summary>
    public static bool Knows(string task) => IsFile(task) || Names.Contains(task);

    /// <param name="task">A name of <see cref="Names"/>, or a path.</param>
    /// <exception cref="RecipeException">Everything that is wrong with the file.</exception>
    /// <exception cref="InputException">It can't be read.</exception>
    public static TaskDefinition Read(string task) => IsFile(task)
        ? Known.GetOrAdd((Path.GetFullPath(task), File.Exists(task) ? FileStamp.Of(task) : default), _ => Parse(TextOf(task), task))
        : Known.GetOrAdd((task, default), _ => Parse(Resource(task), task));

    /// <summary>The same for text already at hand; <paramref name="path"/> names it.</summary>
    public static TaskDefinition Parse(string text, string path)
    {
        var reading = new Reading();
        if (YamlReader.Read(SourceText.OfFile(path, text), reading) is not { } root)
        {
            throw new RecipeException(reading.Diagnostics);
        }

        reading.Places.Add("", root.Place);
        var task = TaskForms.Task.Read(root, "", reading);
        reading.Diagnostics.AddRange(TaskChecks.Check(task, reading.Places));
        return reading.Diagnostics.Count == 0 ? task : throw new RecipeException(reading.Diagnostics);
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetManifestResourceStream(Folder + name + Extension)!);
        return reader.ReadToEnd();
    }

    private static string TextOf(string path)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(InputFile.ReadBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new InputException("The task is not UTF-8 text.", path, "Name a .yaml file, saved as UTF-8.", error);
        }
    }
}
