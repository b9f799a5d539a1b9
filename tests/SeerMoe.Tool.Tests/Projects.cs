using System.Xml.Linq;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>The architecture as the project files state it: one straight line, each heavy dependency in one project.</summary>
public class Projects
{
    private static readonly string[] Line = ["SeerMoe.Tool", "SeerMoe.Recipes", "SeerMoe.Torch", "SeerMoe"];

    public static TheoryData<string, string[]> Dependencies => new()
    {
        { "SeerMoe.Tool", ["McMaster.Extensions.CommandLineUtils", "Spectre.Console"] },
        { "SeerMoe.Recipes", ["Microsoft.CodeAnalysis.CSharp.Scripting", "YamlDotNet"] },
        { "SeerMoe.Torch", ["CsvHelper", "TorchSharp"] },
        { "SeerMoe", [] },
        { "SeerMoe.MSBuild", [] },
    };

    [Fact]
    public void Form_one_straight_line()
    {
        // SeerMoe.MSBuild is build files alone: it has no assembly, and refers to nothing.
        var folders = Directory.GetDirectories(Repository.Path("src")).Select(Path.GetFileName).Where(name => name != "SeerMoe.MSBuild").Order(StringComparer.Ordinal);
        Assert.Equal(Line.Order(StringComparer.Ordinal), folders);
        for (var i = 0; i < Line.Length; i++)
        {
            Assert.Equal(Line.Skip(i + 1).Take(1), References(Line[i], "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)));
        }
    }

    [Theory, MemberData(nameof(Dependencies))]
    public void Have_their_own_dependencies_and_no_others(string project, string[] packages) =>
        Assert.Equal(packages, References(project, "PackageReference").Order(StringComparer.Ordinal));

    [Fact]
    public void Know_the_compiler_in_one_folder_and_YAML_in_one_file()
    {
        Assert.Equal(["src/SeerMoe.Recipes/Scripting"], Naming("using Microsoft.CodeAnalysis").Select(path => Path.GetDirectoryName(path)!.Replace('\\', '/')).Distinct());
        Assert.Equal(["src/SeerMoe.Recipes/Yaml/YamlReader.cs"], Naming("using YamlDotNet").Select(path => path.Replace('\\', '/')));
    }

    [Fact]
    public void Call_other_programs_with_lists_of_arguments_and_never_through_a_shell()
    {
        Assert.Empty(Naming("UseShellExecute = true").Concat(Naming("Arguments = \"")).Concat(Naming("Arguments = $\"")));
        Assert.Equal(Naming("new ProcessStartInfo(").Order(StringComparer.Ordinal), Naming("UseShellExecute = false").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Naming(string text) =>
        from path in Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
        where File.ReadAllText(path).Contains(text, StringComparison.Ordinal)
        select Path.GetRelativePath(Repository.Root, path);

    /// <summary>A reference that excludes all assets leaves a package out, so it is none.</summary>
    private static IEnumerable<string> References(string project, string kind) =>
        from element in XDocument.Load(Repository.Path("src", project, $"{project}.csproj")).Descendants(kind)
        where element.Attribute("ExcludeAssets")?.Value != "all"
        select element.Attribute("Include")!.Value;
}
