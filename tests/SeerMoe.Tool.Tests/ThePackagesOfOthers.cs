using System.Text.Json.Nodes;
using System.Xml.Linq;
using SeerMoe.Testing;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Tests;

/// <summary>THIRD-PARTY.md beside what the tool is restored from.</summary>
public class ThePackagesOfOthers
{
    private static readonly (string Name, string Version, string Licence)[] Listed =
    [
        .. File.ReadLines(Repository.Path("src", "SeerMoe.Tool", "THIRD-PARTY.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells is ["", _, _, _, ""] && char.IsAsciiDigit(cells[2].FirstOrDefault()))
            .Select(cells => (cells[1], cells[2], cells[3])),
    ];

    [Fact]
    public void Are_all_listed_with_their_versions()
    {
        var locked = JsonNode.Parse(File.ReadAllText(Repository.Path("src", "SeerMoe.Tool", "packages.lock.json")))!["dependencies"]!.AsObject()
            .SelectMany(framework => framework.Value!.AsObject())
            .Where(package => (string?)package.Value!["type"] != "Project")
            .Select(package => (package.Key, (string)package.Value!["resolved"]!))
            .Distinct()
            .OrderBy(package => package.Key, StringComparer.OrdinalIgnoreCase);

        Assert.Equal(locked, Listed.Select(package => (package.Name, package.Version)));
    }

    [Fact]
    public void Have_the_licences_that_they_state()
    {
        Assert.SkipUnless(Directory.Exists(UserFolders.Packages), "NuGet keeps its packages elsewhere.");
        Assert.Equal(Listed.Select(package => (package.Name, package.Licence)), Listed.Select(package => (package.Name, Stated(package.Name, package.Version))));
    }

    private static string Stated(string name, string version)
    {
        var package = name.ToLowerInvariant();
        var nuspec = XDocument.Load(Path.Combine(UserFolders.Packages, package, version, $"{package}.nuspec"));
        return nuspec.Descendants().Single(element => element.Name.LocalName == "license" && (string?)element.Attribute("type") == "expression").Value;
    }
}
