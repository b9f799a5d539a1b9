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
        { "SeerMoe.Recipes", ["YamlDotNet"] },
        { "SeerMoe.Torch", ["CsvHelper", "TorchSharp"] },
        { "SeerMoe", ["Microsoft.ML.Tokenizers"] },
    };

    [Fact]
    public void Form_one_straight_line()
    {
        var folders = Directory.GetDirectories(Repository.Path("src")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(Line.Order(StringComparer.Ordinal), folders);
        for (var i = 0; i < Line.Length; i++)
        {
            Assert.Equal(Line.Skip(i + 1).Take(1), References(Line[i], "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)));
        }
    }

    [Theory, MemberData(nameof(Dependencies))]
    public void Have_their_own_dependencies_and_no_others(string project, string[] packages) =>
        Assert.Equal(packages, References(project, "PackageReference").Order(StringComparer.Ordinal));

    /// <summary>A reference that excludes all assets leaves a package out, so it is none.</summary>
    private static IEnumerable<string> References(string project, string kind) =>
        from element in XDocument.Load(Repository.Path("src", project, $"{project}.csproj")).Descendants(kind)
        where element.Attribute("ExcludeAssets")?.Value != "all"
        select element.Attribute("Include")!.Value;
}
