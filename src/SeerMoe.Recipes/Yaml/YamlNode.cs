namespace SeerMoe.Recipes.Yaml;

/// <summary>A piece of YAML that knows where it was written.</summary>
internal abstract record YamlNode(Place Place)
{
    /// <summary>What it is, in the words of an error message.</summary>
    public abstract string Described { get; }

    /// <summary>Nothing was written after the key.</summary>
    public virtual bool IsNull => false;

    /// <summary>A tree of its own: changes of one are not seen in the other.</summary>
    public abstract YamlNode Copy();
}

/// <summary>A single value; <paramref name="Quoted"/> ones are text whatever they look like.</summary>
internal sealed record YamlScalar(Place Place, string Text, bool Quoted) : YamlNode(Place)
{
    private const int Longest = 40;

    public override string Described => Quoted ? $"the text {Cut(Text)}" : Cut(Text);

    public override bool IsNull => !Quoted && Text is ("" or "~" or "null");

    public override YamlNode Copy() => this; // nobody changes it

    /// <summary>In single quotes, cut where it would drown the message.</summary>
    public static string Cut(string text) => text.Length <= Longest ? $"'{text}'" : $"'{text[..Longest]}...'";
}

/// <summary>`[a, b]`, or a line with a dash for each.</summary>
internal sealed record YamlList(Place Place, IReadOnlyList<YamlNode> Items) : YamlNode(Place)
{
    public override string Described => "a list";

    public override YamlNode Copy() => this with { Items = [.. Items.Select(item => item.Copy())] };
}

/// <summary>`{ key: value }`, or a line for each key. Overrides change it in place.</summary>
internal sealed record YamlMapping(Place Place, List<YamlEntry> Entries) : YamlNode(Place)
{
    public override string Described => "a mapping of keys";

    public override YamlNode Copy() => CopyMapping();

    public YamlMapping CopyMapping() => this with { Entries = [.. Entries.Select(entry => entry with { Value = entry.Value.Copy() })] };

    public YamlNode? Find(string key) => Entries.Find(entry => entry.Key.Text == key)?.Value;

    public void Set(YamlScalar key, YamlNode value)
    {
        var index = Entries.FindIndex(entry => entry.Key.Text == key.Text);
        if (index < 0)
        {
            Entries.Add(new YamlEntry(key, value));
        }
        else
        {
            Entries[index] = new YamlEntry(key, value);
        }
    }
}

/// <summary>A key and its value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
