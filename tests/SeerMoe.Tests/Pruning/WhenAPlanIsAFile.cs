using SeerMoe.Pruning;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Pruning;

public sealed class WhenAPlanIsAFile : IDisposable
{
    private static readonly PrunePlan Full = new("soft", "global", 0.25, Keep: null, 17,
    [
        new LayerPlan(0, 4, [0, 1, 3], [2.5, 1, 0.1, 1e21]),
        new LayerPlan(2, 4, [1, 2, 3], [0, 1.0 / 3, 2, 3]),
    ]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_reads_as_documented_row_by_row()
    {
        PrunePlanFile.Write(_folder["plan.json"], Full);

        Assert.Equal(
            """
            {
              "schema": "seer/prune-plan@1",
              "criterion": "soft",
              "scope": "global",
              "ratio": 0.25,
              "seed": 17,
              "layers": [
                {
                  "layer": 0,
                  "experts": 4,
                  "survivors": [0, 1, 3],
                  "scores": [2.5, 1, 0.1, 1E+21]
                },
                {
                  "layer": 2,
                  "experts": 4,
                  "survivors": [1, 2, 3],
                  "scores": [0, 0.3333333333333333, 2, 3]
                }
              ]
            }

            """,
            File.ReadAllText(_folder["plan.json"]));
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        var plan = new PrunePlan(null, null, null, 6, null, [new LayerPlan(1, null, [0, 2], null)]);

        Assert.Equal(
            """
            {
              "schema": "seer/prune-plan@1",
              "keep": 6,
              "layers": [
                {
                  "layer": 1,
                  "survivors": [0, 2]
                }
              ]
            }

            """,
            PrunePlanFile.Text(plan));
    }

    [Fact]
    public void Reading_gives_back_what_was_written()
    {
        PrunePlanFile.Write(_folder["plan.json"], Full);

        var read = PrunePlanFile.Read(_folder["plan.json"]);

        Assert.Equal(Full with { Layers = [] }, read with { Layers = [] });
        Assert.Equal(PrunePlanFile.Text(Full), PrunePlanFile.Text(read));
    }

    [Fact]
    public void Layers_and_survivors_are_all_that_a_person_has_to_write()
    {
        var path = _folder.Write("by-hand.json", """{ "layers": [ { "layer": 1, "survivors": [0, 3] } ] }""");

        var layer = Assert.Single(PrunePlanFile.Read(path).Layers);

        Assert.Equal((1, null), (layer.Layer, layer.Experts));
        Assert.Equal([0, 3], layer.Survivors);
    }

    [Theory]
    [InlineData("""{ }""", "", "'layers' is absent.")]
    [InlineData("""{ "layers": [ { "survivors": [0] } ] }""", "", "'layers[0].layer' is absent.")]
    [InlineData("""{ "layers": [ null ] }""", "", "'layers[0].layer' is absent.")]
    [InlineData("""{ "layers": [ { "layer": 0, "survivor": [0] } ] }""", "", "'layers[0].survivors' is absent.")]
    [InlineData("""{ "schema": "seer/prune-plan@2", "layers": [] }""", ", schema", "'seer/prune-plan@2' is not a plan that this version reads.")]
    [InlineData("""{ "scope": "globl", "layers": [] }""", ", scope", "'globl' is not a scope.")]
    [InlineData("""{ "layers": [ { "layer": 0, "survivors": [] } ] }""", ", layers[0].survivors", "Layer 0 has no survivors.")]
    [InlineData("""{ "layers": [ { "layer": 0, "survivors": [0, 2, 2] } ] }""", ", layers[0].survivors[2]", "Expert 2 of layer 0 survives twice.")]
    [InlineData("""{ "layers": [ { "layer": 0, "survivors": [2, 0] } ] }""", ", layers[0].survivors[1]", "The survivors of layer 0 do not ascend: 0 after 2.")]
    [InlineData("""{ "layers": [ { "layer": 0, "survivors": [0] }, { "layer": 0, "survivors": [1] } ] }""", ", layers[1]", "Layer 0 is named twice.")]
    public void A_plan_that_makes_no_sense_is_refused_with_file_and_key(string json, string position, string what)
    {
        var path = _folder.Write("plan.json", json);

        var error = Assert.Throws<InputException>(() => PrunePlanFile.Read(path));

        Assert.Equal((path + position, what), (error.Where, error.What));
    }

    [Theory]
    [InlineData("{ \"layers\": [\n { \"layer\": 0, \"survivors\": [0, \"one\"] } ] }", "(2,")]
    [InlineData("{ \"layers\": [\n { \"layer\": 0.5, \"survivors\": [0] } ] }", "(2,")]
    [InlineData("{ \"layers\":\n\n oops", "(3,")]
    public void What_is_not_the_right_json_is_refused_with_file_and_line(string json, string position)
    {
        var path = _folder.Write("plan.json", json);

        Assert.StartsWith(path + position, Assert.Throws<InputException>(() => PrunePlanFile.Read(path)).Where, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_or_an_absent_file_is_the_users_to_mend()
    {
        Assert.Throws<InputException>(() => PrunePlanFile.Read(_folder.Path));
        Assert.Throws<InputException>(() => PrunePlanFile.Read(_folder["absent.json"]));
    }
}
