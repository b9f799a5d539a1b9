using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public class TheReadme
{
    private static readonly string Text = File.ReadAllText(Repository.Path("README.md"));

    [Fact]
    public void Has_a_line_in_its_map_for_every_source_file()
    {
        var sources = Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

        Assert.Empty(sources.Except(Mapped()));
        Assert.Empty(Mapped().Except(sources));
    }

    [Fact]
    public void Names_seven_files_to_read_first_that_are_there()
    {
        var named = Text.Split('\n').Where(line => line.Length > 2 && char.IsDigit(line[0]) && line[1] == '.').Select(line => line.Split('`')[1]).ToList();

        Assert.Equal(7, named.Count);
        Assert.All(named, path => Assert.True(File.Exists(Repository.Path(path)), path));
    }

    /// <summary>"src/x/" opens a folder, "  Name.cs  what it is" is a file in it.</summary>
    private static List<string> Mapped()
    {
        var folder = "";
        var files = new List<string>();
        foreach (var line in Text.Split('\n'))
        {
            if (line.StartsWith("src/", StringComparison.Ordinal) && line.EndsWith('/'))
            {
                folder = line;
            }
            else if (folder.Length > 0 && line.StartsWith("  ", StringComparison.Ordinal) && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, _, ..] && name.EndsWith(".cs", StringComparison.Ordinal))
            {
                files.Add(folder + name);
            }
        }

        return files;
    }
}
