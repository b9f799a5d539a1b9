using System.Globalization;
using SeerMoe.Recipes.Locking;

namespace SeerMoe.Recipes.Running;

/// <summary>
/// The folder of one run: `runs/quickstart/3/`. It appears with its recipe in it, under the number after the highest one there;
/// two runs that start at once get two numbers.
/// </summary>
public sealed class RunFolder
{
    private RunFolder(string path) => Path = path;

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <exception cref="InputException">The folder can't be made.</exception>
    public static RunFolder Create(string root, FrozenRecipe recipe) => Create(root, recipe.Digest.Name, recipe.Text);

    /// <exception cref="InputException">The folder can't be made.</exception>
    public static RunFolder Create(string root, string name, string recipe)
    {
        var parent = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, name));
        try
        {
            var hidden = Directory.CreateDirectory(System.IO.Path.Combine(parent, $".{Guid.NewGuid():N}.partial")).FullName;
            AtomicFile.WriteText(System.IO.Path.Combine(hidden, FrozenRecipe.Name), recipe);
            return new RunFolder(Claim(hidden, parent));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The run's folder can't be made: {error.Message}", parent, "Name another folder with --output.", error);
        }
    }

    /// <summary>Full paths of the folders of this name, the highest number first.</summary>
    public static IEnumerable<string> NewestFirst(string root, string name)
    {
        var parent = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, name));
        return Directory.Exists(parent) ? Directory.EnumerateDirectories(parent).Where(path => NumberOf(path) > 0).OrderByDescending(NumberOf) : [];
    }

    /// <summary>The newest run of a recipe that has no lock; null for none.</summary>
    public static string? NewestUnfinished(string root, string name) => NewestFirst(root, name).FirstOrDefault(UnfinishedRun.IsOne);

    // Renaming onto a folder that another run has just claimed fails, because that one is not empty.
    private static string Claim(string hidden, string parent)
    {
        for (var number = Highest(parent) + 1; ; number++)
        {
            var target = System.IO.Path.Combine(parent, number.ToString(CultureInfo.InvariantCulture));
            try
            {
                Directory.Move(hidden, target);
                return target;
            }
            catch (IOException) when (Directory.Exists(target) || File.Exists(target))
            {
                // Taken: the next number.
            }
        }
    }

    private static int Highest(string parent) => Directory
        .EnumerateFileSystemEntries(parent)
        .Select(NumberOf)
        .DefaultIfEmpty(0)
        .Max();

    private static int NumberOf(string path) =>
        int.TryParse(System.IO.Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
