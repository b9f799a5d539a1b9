using System.Text;
using SeerMoe.Checkpoints;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Checkpoints;

public sealed class AConfig
{
    private const string Json = """
        {
          "model_type": "mixtral",
          "layers": 32,
          "experts": 8.0,
          "big": 1e3,
          "half": 1.5,
          "text": "64",
          "none": null,
          "tied": false,
          "yes": true,
          "list": [1, 2.0, 3],
          "mixed": [1, "2"],
          "rope_parameters": {
            "rope_theta": 1000000.0,
            "inner": { "factor": "four" }
          },
          "huge": 4294967296,
          "endless": 1e999,
          "smiley": "\u263a",
          "broken": "\ud800"
        }
        """;

    private readonly HfConfig _config = HfConfig.Parse(Json, "config.json");

    [Fact]
    public void Gives_numbers_texts_flags_and_lists()
    {
        Assert.Equal("mixtral", _config.ModelType);
        Assert.Equal(32, _config.Int("layers"));
        Assert.Equal(8, _config.Int("experts"));
        Assert.Equal(1000, _config.Int("big"));
        Assert.Equal(1.5, _config.Number("half"));
        Assert.Equal(32, _config.Number("layers", 0));
        Assert.Equal("64", _config.Text("text", ""));
        Assert.Equal("☺", _config.Text("smiley", ""));
        Assert.False(_config.Flag("tied", fallback: true));
        Assert.True(_config.Flag("yes", fallback: false));
        Assert.Equal([1, 2, 3], _config.Integers("list"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("absent")]
    public void Takes_null_for_absent(string key)
    {
        Assert.False(_config.Has(key));
        Assert.Equal(3, _config.Int(key, 3));
        Assert.Equal(0.5, _config.Number(key, 0.5));
        Assert.Equal("x", _config.Text(key, "x"));
        Assert.True(_config.Flag(key, fallback: true));
        Assert.Null(_config.Section(key));
        AssertRefused($"no '{key}'", "config.json", () => _config.Int(key));
        AssertRefused($"no '{key}'", "config.json", () => _config.Number(key));
        AssertRefused($"no '{key}'", "config.json", () => _config.Integers(key));
    }

    [Fact]
    public void Names_key_value_and_line_of_what_is_not_a_whole_number()
    {
        AssertRefused("'text' is \"64\", not a whole number", "config.json(7)", () => _config.Int("text"));
        AssertRefused("'half' is 1.5, not a whole number", "config.json(6)", () => _config.Int("half", 1));
        AssertRefused("'tied' is false, not a whole number", "config.json(9)", () => _config.Int("tied"));
        AssertRefused("'huge' is 4294967296, not a whole number below 2^31", "config.json(17)", () => _config.Int("huge"));
        AssertRefused("'mixed' is [1, \"2\"], not a whole number", "config.json(12)", () => _config.Integers("mixed"));
        AssertRefused("'layers' is 32, not a list of whole numbers", "config.json(3)", () => _config.Integers("layers"));
    }

    [Fact]
    public void Names_key_value_and_line_of_what_is_of_another_kind()
    {
        AssertRefused("'text' is \"64\", not a number", "config.json(7)", () => _config.Number("text"));
        AssertRefused("'endless' is 1e999, not a number", "config.json(18)", () => _config.Number("endless", 1));
        AssertRefused("'layers' is 32, not true or false", "config.json(3)", () => _config.Flag("layers", fallback: true));
        AssertRefused("'layers' is 32, not text", "config.json(3)", () => _config.Text("layers", ""));
        AssertRefused("'broken' is \"\\ud800\", not text", "config.json(20)", () => _config.Text("broken", ""));
        AssertRefused("'layers' is 32, not an object", "config.json(3)", () => _config.Section("layers"));
    }

    [Fact]
    public void Has_sections_that_say_where_they_are()
    {
        var rope = _config.Section("rope_parameters")!;
        Assert.Equal("config.json: rope_parameters", rope.Path);
        Assert.Equal(1e6, rope.Number("rope_theta"));
        Assert.Equal(["inner"], rope.Unread);
        AssertRefused("no 'rope_parameters.factor'", "config.json: rope_parameters", () => rope.Number("factor"));

        var inner = rope.Section("inner")!;
        Assert.Equal("config.json: rope_parameters.inner", inner.Path);
        AssertRefused("'rope_parameters.inner.factor' is \"four\", not a number", "config.json(15)", () => inner.Number("factor"));
    }

    [Fact]
    public void Remembers_which_keys_nobody_asked_for()
    {
        var config = HfConfig.Parse("""{"model_type":"m","a":1,"b":null,"c":{"d":1},"e":2}""", "config.json");
        Assert.Equal(["model_type", "a", "c", "e"], config.Unread); // a key that is null says nothing
        _ = config.Int("a");
        _ = config.Section("c");
        Assert.Equal(["model_type", "c.d", "e"], config.Unread);
        config.Ignore("c.d", "e");
        Assert.Equal(["model_type"], config.Unread);
    }

    [Fact]
    public void Without_a_family_is_refused_when_the_family_is_asked_for()
    {
        AssertRefused("no 'model_type'", "config.json", () => HfConfig.Parse("{}", "config.json").ModelType);
        AssertRefused("'model_type' is 1, not text", "config.json(1)", () => HfConfig.Parse("""{"model_type":1}""", "config.json").ModelType);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("[]", 1)]
    [InlineData("null", 1)]
    [InlineData("{\n  \"a\": 1,\n}", 3)]
    [InlineData("{\n  \"a\": 1\n", 3)]
    [InlineData("{}\nx", 2)]
    [InlineData("{\n  \"a\": 1,\n  // why\n  \"b\": 2\n}", 3)]
    [InlineData("{\n  \"a\": NaN\n}", 2)]
    [InlineData("{\n  \"a\": 1,\n  \"a\": 2\n}", 3)]
    [InlineData("{\n  \"\\ud800\": 1\n}", 2)]
    public void Is_refused_with_its_line_when_it_is_no_JSON_object(string json, int line) =>
        AssertRefused("Not the JSON object expected here", $"config.json({line})", () => HfConfig.Parse(json, "config.json"));

    [Fact]
    public void Is_refused_when_a_section_has_a_key_twice()
    {
        var config = HfConfig.Parse("{\n  \"s\": {\n    \"a\": 1,\n    \"a\": 2\n  }\n}", "config.json");
        AssertRefused("'a' stands here a second time", "config.json(4)", () => config.Section("s"));
    }

    [Fact]
    public void Is_refused_when_it_is_not_UTF8_or_not_there()
    {
        using var folder = new TemporaryFolder();
        var path = folder["config.json"];
        AssertRefused("can't be read", path, () => HfConfig.Read(path));
        File.WriteAllBytes(path, [.. "{\"a\": \""u8, 0xFF, .. "\"}"u8]);
        AssertRefused("not UTF-8", path, () => HfConfig.Read(path));
    }

    [Fact]
    public void Is_read_or_refused_as_input_whatever_is_done_to_its_bytes()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(17);
        var good = Encoding.UTF8.GetBytes(Json);
        for (var i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. good];
            for (var times = 1 + random.Next(3); times > 0; times--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : good[random.Next(good.Length)];
            }

            File.WriteAllBytes(folder["config.json"], bytes[..(random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length)]);
            ReadEverything(folder["config.json"]);
        }
    }

    private static void ReadEverything(string path)
    {
        try
        {
            var config = HfConfig.Read(path);
            foreach (var key in config.Unread)
            {
                Action[] reads = [() => config.Int(key), () => config.Number(key), () => config.Text(key, ""), () => config.Flag(key, fallback: false), () => config.Integers(key), () => config.Section(key)];
                foreach (var read in reads)
                {
                    Assert.True(Record.Exception(read) is null or InputException);
                }
            }
        }
        catch (InputException)
        {
            // Refused as a whole: what the test allows.
        }
    }

    private static void AssertRefused(string what, string where, Func<object?> read)
    {
        var error = Assert.Throws<InputException>(read);
        Assert.DoesNotContain("LineNumber", error.What, StringComparison.Ordinal);
        Assert.Contains(what, error.What, StringComparison.Ordinal);
        Assert.Equal(where, error.Where);
    }
}
