using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using SeerMoe.Checkpoints;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Checkpoints;

public sealed class PatchingAConfig
{
    [Fact]
    public void Without_changes_changes_nothing()
    {
        var text = File.ReadAllText(Path.Combine(Fixtures.Folder("mixtral"), "config.json"));
        Assert.Equal(text, Patched(text));
    }

    [Fact]
    public void Of_the_reference_set_changes_one_line()
    {
        var text = File.ReadAllText(Path.Combine(Fixtures.Folder("mixtral"), "config.json"));
        Assert.Equal(text.Replace("\"num_local_experts\": 8,", "\"num_local_experts\": 6,", StringComparison.Ordinal), Patched(text, ("num_local_experts", 6)));
    }

    [Theory]
    [InlineData("{\n  \"a\": 1,\n  \"b\": 2\n}", "{\n  \"a\": 1,\n  \"b\": 2,\n  \"new\": 3\n}")]
    [InlineData("{\r\n\t\"a\": 1\r\n}\r\n", "{\r\n\t\"a\": 1,\r\n\t\"new\": 3\r\n}\r\n")]
    [InlineData("{\n    \"a\" : [\n      1\n    ]  \n}\n\n", "{\n    \"a\" : [\n      1\n    ],\n    \"new\" : 3  \n}\n\n")]
    [InlineData("{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2,\"new\":3}")]
    [InlineData("{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"b\": 2, \"new\": 3}")]
    [InlineData("{ \"a\": {} }", "{ \"a\": {}, \"new\": 3 }")]
    [InlineData("{}", "{\"new\": 3}")]
    public void Adds_a_key_behind_the_last_one_in_the_manner_of_the_file(string before, string after) => Assert.Equal(after, Patched(before, ("new", 3)));

    [Fact]
    public void Exchanges_values_of_every_kind_where_they_stand()
    {
        const string Before = """{ "a": "x\"}", "b": [1, {"a": 2}], "c": {"a": {}}, "d": null, "e": -1.5e3 }""";
        Assert.Equal(
            """{ "a": 1, "b": [3,4], "c": "é\"", "d": true, "e": {"f":[6,8]} }""",
            Patched(Before, ("e", new JsonObject { ["f"] = new JsonArray(6, 8) }), ("a", 1), ("b", new JsonArray(3, 4)), ("c", "é\""), ("d", true)));
    }

    [Fact]
    public void Leaves_equal_keys_inside_other_values_alone() =>
        Assert.Equal("""{"s":{"n":8},"n":6}""", Patched("""{"s":{"n":8},"n":8}""", ("n", 6)));

    [Fact]
    public void Finds_keys_that_are_spelt_with_escapes() => Assert.Equal("""{"\u006e":6}""", Patched("""{"\u006e":8}""", ("n", 6)));

    [Fact]
    public void Adds_several_keys_in_their_order() => Assert.Equal("""{"z": 1,"b": 2}""", Patched("{}", ("z", 1), ("b", 2)));

    [Fact]
    public void Changes_no_key_twice() => Assert.Throws<ArgumentException>(() => Patched("{}", ("a", 1), ("a", 2)));

    [Fact]
    public void Keeps_every_other_byte_of_any_file() =>
        Prop.ForAll(Cases(), Keeps).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(17, 1).WithQuietOnSuccess(true));

    // The file is put together from pieces, so what must come out is put together from the same pieces.
    private static bool Keeps(Case @case)
    {
        var (members, added, end) = @case;
        var (gap, colon) = members is [.., var last] ? (last.Gap, last.Colon) : ("", ": ");
        string Text(Func<Member, string> value, IEnumerable<Member> more) => $$"""{{{string.Join(",", members.Select(m => $"{m.Gap}{Quoted(m.Key)}{m.Colon}{value(m)}").Concat(more.Select(m => $"{gap}{Quoted(m.Key)}{colon}{m.New}")))}}{{end}}}{{end}}""";

        var before = Text(member => member.Old, []);
        var after = Text(member => member.New ?? member.Old, added);
        var changes = members.Concat(added).Where(member => member.New is not null).Select(member => (member.Key, JsonNode.Parse(member.New!)!));
        return Patched(before, [.. changes]) == after;
    }

    private static Arbitrary<Case> Cases()
    {
        var space = Gen.Elements("", " ", "\n  ", "\r\n\t", "\n\n    ");
        var value = Gen.Elements("1", "-2.5E+3", "true", "\"x, \\\"y\\\": {\"", "[]", "[1,{\"a\":[2]}]", "{}", "{\"a\":{\"b\":1}}", "\"é☺\"");
        var old = Gen.OneOf(value, Gen.Elements("[ 1 ,\n2 ]", "{ \"a\" : 1\r\n}", "null", "\"\\u263a\""));
        var key = Gen.Elements("a", "b", "c", "d", "model_type", "é", "☺", "\"", "\\", "\n", "a.b", "");
        var member =
            from name in key
            from gap in space
            from left in Gen.Elements("", " ")
            from right in space
            from before in old
            from after in value
            from changed in Gen.Elements(true, false)
            select new Member(name, gap, left + ":" + right, before, changed ? after : null);
        return Arb.From(
            from members in member.ListOf().Select(list => list.DistinctBy(m => m.Key).ToList())
            from added in member.ListOf()
            from end in Gen.Elements("", "\n", "\r\n", " ")
            select new Case(members, [.. added.DistinctBy(m => m.Key).Where(m => m.New is not null && members.TrueForAll(other => other.Key != m.Key))], end));
    }

    private static string Quoted(string key) => JsonSerializer.Serialize(key, SeerJson.Line);

    private static string Patched(string json, params (string Key, JsonNode Value)[] changes) => HfConfig.Parse(json, "config.json").Patched(changes);

    private sealed record Member(string Key, string Gap, string Colon, string Old, string? New);

    private sealed record Case(List<Member> Members, List<Member> Added, string End);
}
