using System.Text.Json.Nodes;
using SeerMoe.Recipes.Locking;
using SeerMoe.Testing;

namespace SeerMoe.Recipes.Tests.Locking;

public sealed class TheLockOfARun
{
    private static readonly RunLock Example = new(
        new RecipeDigest("quickstart", "aa"),
        17,
        new EnvironmentInfo("0.1.0", "10.0.12", "0.107.0", "2.10.0", "cpu", "float32"),
        [new HashedFile("../tiny-moe/config.json", 723, "bb")],
        [
            new StageLock(
                "count",
                "cc",
                new JsonObject { ["data"] = "calibration", ["tokens"] = 65536 },
                [new StageInput("model/config.json", "bb")],
                [new HashedFile("1-count/statistics.json", 5120, "dd")]),
        ]);

    [Fact]
    public void Is_written_like_this()
    {
        using var folder = new TemporaryFolder();
        LockFile.Write(folder.Path, Example);

        Assert.Equal(
            """
            {
              "schema": "seer/lock@1",
              "recipe": {
                "name": "quickstart",
                "sha256": "aa"
              },
              "seed": 17,
              "environment": {
                "tool": "0.1.0",
                "dotnet": "10.0.12",
                "torchsharp": "0.107.0",
                "libtorch": "2.10.0",
                "device": "cpu",
                "dtype": "float32"
              },
              "inputs": [
                {
                  "path": "../tiny-moe/config.json",
                  "bytes": 723,
                  "sha256": "bb"
                }
              ],
              "stages": [
                {
                  "id": "count",
                  "key": "cc",
                  "options": {
                    "data": "calibration",
                    "tokens": 65536
                  },
                  "inputs": [
                    {
                      "name": "model/config.json",
                      "sha256": "bb"
                    }
                  ],
                  "outputs": [
                    {
                      "path": "1-count/statistics.json",
                      "bytes": 5120,
                      "sha256": "dd"
                    }
                  ]
                }
              ]
            }

            """,
            File.ReadAllText(folder[LockFile.Name]));
    }

    [Fact]
    public void Is_read_back_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        LockFile.Write(folder.Path, Example);
        var text = File.ReadAllText(folder[LockFile.Name]);
        LockFile.Write(folder.Path, LockFile.Read(folder.Path));

        Assert.Equal(text, File.ReadAllText(folder[LockFile.Name]));
    }

    [Theory]
    [InlineData("""{ "schema": "seer/lock@2" }""", "'seer/lock@2' is not a lock that this version reads.")]
    [InlineData("../../secret", "The lock names '../../secret', which is not in the run.")]
    [InlineData("/etc/hosts", "The lock names '/etc/hosts', which is not in the run.")]
    public void Is_refused_when_it_was_tampered_with(string text, string what)
    {
        Assert.Equal(what, Refusal(text.StartsWith('{') ? text : Text().Replace("1-count/statistics.json", text, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("recipe")]
    [InlineData("recipe.name")]
    [InlineData("recipe.sha256")]
    [InlineData("environment")]
    [InlineData("environment.libtorch")]
    [InlineData("inputs")]
    [InlineData("inputs.0.path")]
    [InlineData("stages")]
    [InlineData("stages.0.id")]
    [InlineData("stages.0.key")]
    [InlineData("stages.0.options")]
    [InlineData("stages.0.inputs")]
    [InlineData("stages.0.inputs.0.sha256")]
    [InlineData("stages.0.outputs")]
    [InlineData("stages.0.outputs.0.sha256")]
    public void Is_refused_when_any_part_is_absent(string part)
    {
        var whole = JsonNode.Parse(Text())!;
        var holder = whole;
        var keys = part.Split('.');
        foreach (var key in keys[..^1])
        {
            holder = holder is JsonArray list ? list[int.Parse(key)]! : holder[key]!;
        }

        Assert.True(holder.AsObject().Remove(keys[^1]));

        Assert.StartsWith("The lock lacks a part", Refusal(whole.ToJsonString()), StringComparison.Ordinal);
    }

    private static string Text() => SeerJson.Text(Example);

    private static string Refusal(string text)
    {
        using var folder = new TemporaryFolder();
        folder.Write(LockFile.Name, text);
        return Assert.Throws<InputException>(() => LockFile.Read(folder.Path)).What;
    }
}
