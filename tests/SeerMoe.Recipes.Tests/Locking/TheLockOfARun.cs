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
                [new StageInput("../tiny-moe/config.json", "bb")],
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
                      "name": "../tiny-moe/config.json",
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
    [InlineData("{}", "The lock lacks its recipe, its stages or their outputs.")]
    [InlineData("""{ "schema": "seer/lock@2" }""", "'seer/lock@2' is not a lock that this version reads.")]
    [InlineData("""{ "recipe": { "name": "a", "sha256": "b" }, "stages": [ { "id": "count" } ] }""", "The lock lacks its recipe, its stages or their outputs.")]
    [InlineData("""{ "recipe": { "name": "a", "sha256": "b" }, "stages": [ { "outputs": [ { "path": "../../secret", "sha256": "c" } ] } ] }""", "The lock names '../../secret', which is not in the run.")]
    [InlineData("""{ "recipe": { "name": "a", "sha256": "b" }, "stages": [ { "outputs": [ { "path": "/etc/hosts", "sha256": "c" } ] } ] }""", "The lock names '/etc/hosts', which is not in the run.")]
    public void Is_refused_when_it_was_tampered_with(string text, string what)
    {
        using var folder = new TemporaryFolder();
        folder.Write(LockFile.Name, text);

        Assert.Equal(what, Assert.Throws<InputException>(() => LockFile.Read(folder.Path)).What);
    }
}
