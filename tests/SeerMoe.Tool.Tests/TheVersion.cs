using System.Xml.Linq;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public class TheVersion
{
    private static readonly string Stated = XDocument.Load(Repository.Path("src", "Directory.Build.props")).Descendants("Version").Single().Value;

    [Fact]
    public void Is_what_the_tool_says() => Assert.Equal(Stated, SeerApp.Version);

    [Theory]
    [InlineData("examples/msbuild/Experiments.csproj", "Include=\"SeerMoe.MSBuild\" Version=\"{0}\"")]
    [InlineData("examples/msbuild/README.md", "Include=\"SeerMoe.MSBuild\" Version=\"{0}\"")]
    [InlineData("examples/msbuild/.config/dotnet-tools.json", "\"version\": \"{0}\"")]
    [InlineData("src/CHANGELOG.md", "\n## {0}\n")]
    public void Is_the_same_wherever_a_release_has_to_change_it(string file, string text) =>
        Assert.Contains(text.Replace("{0}", Stated, StringComparison.Ordinal), File.ReadAllText(Repository.Path(file)), StringComparison.Ordinal);
}
