using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SeerMoe.Recipes.Yaml;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Scripting;

/// <summary>
/// The tree that YAML of the same recipe is read to, built call by call: from there on a script and YAML go the same way, through
/// the same forms and checks, so they can't differ in what they allow, in defaults, in stage keys or in the lock.
/// </summary>
internal sealed class ScriptTree
{
    private readonly Reading _reading;
    private readonly YamlMapping _data;
    private readonly List<YamlNode> _stages = [];
    private readonly YamlMapping _sweep;
    private readonly YamlMapping _zip;

    public ScriptTree(Place start, Reading reading)
    {
        _reading = reading;
        _data = new YamlMapping(start, []);
        _sweep = new YamlMapping(start, []);
        _zip = new YamlMapping(start, []);
        Root = new YamlMapping(start, []);
        Root.Set(Word(start, "data"), _data);
        Root.Set(Word(start, "stages"), new YamlList(start, _stages));
    }

    public YamlMapping Root { get; }

    /// <summary>A key of the recipe itself; the last value set holds.</summary>
    public void Set(string member, object value, CallPlaces places) => Root.Set(Word(places.Place, Key(member)), Node(value, ScriptCall.Value, places));

    public void AddData(string name, CallPlaces places, params ReadOnlySpan<(string Parameter, object? Value)> options)
    {
        var key = Word(places.Of("name"), name);
        if (_data.Entries.Find(entry => entry.Key.Text == name) is { } first)
        {
            _reading.Report(key.Place, $"the data {YamlScalar.Cut(name)} is here twice", $"It stands in line {first.Key.Place.Line} already.");
        }

        _data.Set(key, Mapping(options, places));
    }

    public void AddStage(string id, CallPlaces places, params ReadOnlySpan<(string Parameter, object? Value)> options) =>
        _stages.Add(new YamlMapping(places.Place, [new YamlEntry(Word(places.Place, id), Mapping(options, places))]));

    public void AddSweep(string key, IEnumerable values, CallPlaces places) => AddAxis(_sweep, key, values, places);

    /// <summary>Values that change together with those of the other keys that are zipped.</summary>
    public void AddZip(string key, IEnumerable values, CallPlaces places)
    {
        _sweep.Set(Word(places.Place, SweepAxes.Zip), _zip);
        AddAxis(_zip, key, values, places);
    }

    private void AddAxis(YamlMapping axes, string key, IEnumerable values, CallPlaces places)
    {
        Root.Set(Word(places.Place, SweepAxes.Key), _sweep);
        axes.Set(Word(places.Of("key"), key), Node(values, "values", places));
    }

    private static YamlMapping Mapping(ReadOnlySpan<(string Parameter, object? Value)> options, CallPlaces places)
    {
        var mapping = new YamlMapping(places.Place, []);
        foreach (var (parameter, value) in options)
        {
            // What is not said is not written, and gets the default of the record.
            if (value is not null)
            {
                mapping.Entries.Add(new YamlEntry(Word(places.Of(parameter), Key(parameter)), Node(value, parameter, places)));
            }
        }

        return mapping;
    }

    private static YamlNode Node(object? value, string part, CallPlaces places) => value switch
    {
        null => new YamlScalar(places.Of(part), "", Quoted: true),
        string text => new YamlScalar(places.Of(part), text, Quoted: true),
        ChosenCriterion { Source: null } criterion => Word(places.Of(part), criterion.Name),
        ChosenCriterion criterion => new CriterionNode(places.Of(part), criterion),
        TopKSchedule schedule => new YamlMapping(
            places.Of(part),
            [Entry("from", schedule.From, part, places), Entry("to", schedule.To, part, places), Entry("schedule", schedule.Schedule, part, places), Entry("at", schedule.At, part, places)]),
        LoraOptions lora => new YamlMapping(
            places.Of(part),
            [
                Entry("rank", lora.Rank, part, places),
                Entry("alpha", lora.Alpha, part, places),
                Entry("dropout", lora.Dropout, part, places),
                Entry("targets", lora.Targets, part, places),
                Entry("save", lora.Save, part, places),
            ]),
        LoraTargets targets => new YamlList(
            places.Of(part), [.. RecipeWords.Targets.Where(target => targets.HasFlag(target.Value)).Select(target => Word(places.Of(part), target.Word))]),
        TaskChoice choice when choice == new TaskChoice(choice.Data) => Node(choice.Data, part, places),
        TaskChoice choice => Mapping(
            [
                ("task", choice.Task),
                ("data", choice.Data),
                ("shots", choice.Shots == 0 ? null : choice.Shots),
                ("limit", choice.Limit),
                ("prompts", choice.Generation?.Prompts),
                ("promptTokens", choice.Generation?.PromptTokens),
                ("newTokens", choice.Generation?.NewTokens),
            ],
            places),
        Enum word => Word(places.Of(part), RecipeWords.Of(word)),
        bool flag => Word(places.Of(part), flag ? "true" : "false"),
        IEnumerable list => new YamlList(places.Of(part), [.. list.Cast<object?>().Select((item, i) => Node(item, $"{part}[{i}]", places))]),
        IFormattable number => Word(places.Of(part), number.ToString(null, CultureInfo.InvariantCulture)),
        _ => throw new UnreachableException(),
    };

    private static YamlEntry Entry(string key, object value, string part, CallPlaces places) =>
        new(Word(places.Of($"{part}.{key}"), key), Node(value, $"{part}.{key}", places));

    private static YamlScalar Word(Place place, string text) => new(place, text, Quoted: false);

    // `learningRate` -> `learning_rate`
    private static string Key(string member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member);
}
