using System.Text;
using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Tool.Scaffolding;

/// <summary>
/// What `seer new` writes: a recipe of this repository with its paths changed, and the model and data it runs on, which stand as plain
/// files beside the tool.
/// <code>
/// recipes/quickstart.yaml: model: ../examples/tiny-moe   ->   quickstart.yaml: model: tiny-moe
/// </code>
/// </summary>
/// <param name="Recipe">The file that is run.</param>
/// <param name="Next">The command that runs it.</param>
/// <param name="Files">Source below the tool's folder `scaffold`, and the name below the new one; a folder stands for all its files.</param>
/// <param name="Changes">Texts that are written otherwise in .yaml, .csx and .cs files, in this order.</param>
public sealed record Scaffold(string Recipe, string Next, IReadOnlyList<(string Source, string Name)> Files, IReadOnlyList<(string Old, string New)> Changes)
{
    private const string FromSource = "dotnet run -c Release --project src/SeerMoe.Tool -- run";

    /// <summary>By the word that asks for them.</summary>
    public static IReadOnlyList<(string Word, Scaffold Value)> All { get; } =
    [
        ("quickstart", new Scaffold(
            "quickstart.yaml",
            "dotnet seer run quickstart.yaml",
            [("quickstart.yaml", "quickstart.yaml"), ("tiny-moe", "tiny-moe"), ("corpus", "corpus")],
            [($"{FromSource} recipes/", "dotnet seer run "), ("../examples/", "")])),
        ("sweep", new Scaffold(
            "sweep.yaml",
            "dotnet seer run sweep.yaml",
            [("sweep-ratios.yaml", "sweep.yaml"), ("tiny-moe", "tiny-moe"), ("corpus", "corpus")],
            [($"{FromSource} recipes/sweep-ratios.yaml", "dotnet seer run sweep.yaml"), ("recipes/sweep-ratios.yaml", "sweep.yaml"), ("../examples/", "")])),
        ("mixtral", new Scaffold(
            "mixtral.yaml",
            "read its first lines: it needs a model and data",
            [("mmlu.yaml", "mixtral.yaml"), ("text-of-tasks.cs", "text-of-tasks.cs"), ("mixtral-8x7b", "mixtral-8x7b")],
            [("recipes/paper/mmlu.yaml", "mixtral.yaml"), ("recipes/paper/", ""), ("$schema=../", "$schema="), ("../../", "")])),
        ("script", new Scaffold(
            "script.csx",
            "dotnet seer run script.csx --trust",
            [("by-condition.csx", "script.csx"), ("tiny-moe", "tiny-moe"), ("corpus", "corpus")],
            [("examples/scripts/by-condition.csx", "script.csx"), ("../", "")])),
    ];

    public static Scaffold Quickstart => All.First(kind => kind.Word == "quickstart").Value;

    /// <summary>The file that is run, as it is written.</summary>
    public string RecipeText => Encoding.UTF8.GetString(Changed(Files.Where(file => file.Name == Recipe).SelectMany(file => Below(file.Source, file.Name)).Single().Path));

    /// <summary>Writes what is not there yet; a file that is there with the same bytes stays.</summary>
    /// <returns>The files written, by name.</returns>
    /// <exception cref="InputException">A file is there with other bytes; nothing was written then.</exception>
    public IReadOnlyList<string> Write(string folder)
    {
        var files = Contents().ToList();
        foreach (var (name, bytes) in files)
        {
            var path = Path.Combine(folder, name);
            if (Directory.Exists(path) || (File.Exists(path) && !bytes.AsSpan().SequenceEqual(File.ReadAllBytes(path))))
            {
                throw new InputException($"{name} is there already, and is another one.", path, "Start in an empty folder, or move it away; nothing was written.");
            }
        }

        var missing = files.Where(file => !File.Exists(Path.Combine(folder, file.Name))).ToList();
        foreach (var (name, bytes) in missing)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.WriteBytes(path, bytes);
        }

        return [.. missing.Select(file => file.Name)];
    }

    /// <summary>The recipe last: where it is, everything else is.</summary>
    private IEnumerable<(string Name, byte[] Bytes)> Contents() =>
        Files.SelectMany(file => Below(file.Source, file.Name))
            .Select(file => (file.Name, Bytes: Changed(file.Path)))
            .Append((RecipeSchema.FileName, Encoding.UTF8.GetBytes(RecipeSchema.Text)))
            .OrderBy(file => file.Item1 == Recipe)
            .ThenBy(file => file.Item1, StringComparer.Ordinal);

    private static IEnumerable<(string Path, string Name)> Below(string source, string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "scaffold", source);
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path).Select(file => (file, $"{name}/{Path.GetFileName(file)}"))
            : [(path, name)];
    }

    private byte[] Changed(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return Path.GetExtension(path) is ".yaml" or ".csx" or ".cs"
            ? Encoding.UTF8.GetBytes(Changes.Aggregate(Encoding.UTF8.GetString(bytes), (text, change) => text.Replace(change.Old, change.New, StringComparison.Ordinal)))
            : bytes;
    }
}
