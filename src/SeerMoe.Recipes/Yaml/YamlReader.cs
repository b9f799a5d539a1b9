using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SeerMoe.Recipes.Yaml;

/// <summary>
/// Text to nodes, and the only place that knows YamlDotNet. It takes what recipes use and refuses the rest of YAML
/// (aliases, anchors, tags, several documents, deep nesting), so that no small file can grow into a large tree.
/// </summary>
internal sealed class YamlReader
{
    private const int Deepest = 16;
    private const int MostNodes = 10_000;
    private const int LargestText = 1 << 20;

    private readonly SourceText _source;
    private readonly Reading _reading;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private int _nodes;

    private YamlReader(SourceText source, Reading reading)
    {
        _source = source;
        _reading = reading;
        _scanner = new Scanner(new StringReader(source.Yaml));
        _parser = new Parser(_scanner);
    }

    /// <summary>The one node of the text; null, with a report, where there is none to be had.</summary>
    public static YamlNode? Read(SourceText source, Reading reading)
    {
        if (source.Yaml.Length > LargestText)
        {
            reading.Report(source.At(1, 1, 1, 2), "a recipe is at most 1 MB", "Is this the right file?");
            return null;
        }

        var reader = new YamlReader(source, reading);
        try
        {
            return reader.Document();
        }
        catch (RefusedYamlException refused)
        {
            reading.Report(refused.Place, refused.Message, refused.Hint);
        }
        catch (YamlException error)
        {
            reading.Report(reader.At(error.Start, error.Start), $"not YAML: {Plain(error.Message)}");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // Some malformed text makes the scanner trip over its own state (`{ a: 1` with no end) instead of reporting it.
            reading.Report(reader.At(reader._scanner.CurrentPosition, reader._scanner.CurrentPosition), "not YAML: the text breaks off or continues in a way that can't be parsed");
        }

        return null;
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out var end))
        {
            return new YamlScalar(At(end), "", Quoted: false);
        }

        _parser.Consume<DocumentStart>();
        var root = Node(depth: 0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<StreamEnd>(out _) ? root : throw Refuse(_parser.Current!, "a recipe is one YAML document", "Put a second recipe into a file of its own.");
    }

    private YamlNode Node(int depth)
    {
        var start = _parser.Consume<ParsingEvent>();
        if (start is AnchorAlias || start is NodeEvent { Anchor.IsEmpty: false })
        {
            throw Refuse(start, "anchors and aliases are not part of a recipe", "Write the value out where it is used.");
        }

        if (start is NodeEvent { Tag: { IsEmpty: false } tag })
        {
            throw Refuse(start, $"the tag {YamlScalar.Cut(tag.Value)} is not part of a recipe", "Write the value alone.");
        }

        if (depth > Deepest)
        {
            throw Refuse(start, $"nested more than {Deepest} deep", "No part of a recipe is.");
        }

        if (++_nodes > MostNodes)
        {
            throw Refuse(start, $"more than {MostNodes} values", "Is this the right file?");
        }

        return start switch
        {
            Scalar scalar => ScalarOf(scalar),
            SequenceStart list => new YamlList(At(list), [.. Items(depth)]),
            MappingStart map => Mapping(map, depth),
            _ => throw Refuse(start, $"{start.GetType().Name} is not part of a recipe", hint: null),
        };
    }

    private IEnumerable<YamlNode> Items(int depth)
    {
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            yield return Node(depth + 1);
        }
    }

    private YamlMapping Mapping(MappingStart start, int depth)
    {
        var entries = new List<YamlEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (Node(depth + 1) is not YamlScalar key)
            {
                throw Refuse(start, "a key is a single word", hint: null);
            }

            var value = Node(depth + 1);
            if (entries.Find(entry => entry.Key.Text == key.Text) is { } first)
            {
                _reading.Report(key.Place, $"the key {YamlScalar.Cut(key.Text)} is here twice", $"It stands in line {first.Key.Place.Line} already.");
            }
            else
            {
                entries.Add(new YamlEntry(key, value));
            }
        }

        return new YamlMapping(At(start), entries);
    }

    private YamlScalar ScalarOf(Scalar scalar) => new(At(scalar), scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any));

    private Place At(ParsingEvent piece) => At(piece.Start, piece.End);

    private Place At(Mark start, Mark end) => _source.At(start.Line, start.Column, end.Line, end.Column);

    private RefusedYamlException Refuse(ParsingEvent piece, string message, string? hint) => new(At(piece), message, hint);

    // "(Line: 3, Col: 7, Idx: 40) - (Line: ..): While parsing X, did not find Y." -> "while parsing X, did not find Y"
    private static string Plain(string message)
    {
        var text = message[(message.LastIndexOf("): ", StringComparison.Ordinal) is var cut and >= 0 ? cut + 3 : 0)..].TrimEnd('.');
        return text.Length == 0 ? "it can't be parsed" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    [SuppressMessage("Design", "CA1064", Justification = "never leaves this type")]
    private sealed class RefusedYamlException(Place place, string message, string? hint) : Exception(message)
    {
        public Place Place { get; } = place;

        public string? Hint { get; } = hint;
    }
}
