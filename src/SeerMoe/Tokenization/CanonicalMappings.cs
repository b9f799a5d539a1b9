using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SeerMoe.Tokenization;

/// <summary>Unicode's canonical (de)compositions and combining classes, read once from CanonicalMappings.txt beside this file.</summary>
internal sealed class CanonicalMappings
{
    private readonly Dictionary<int, int[]> _parts = [];
    private readonly Dictionary<(int First, int Second), int> _wholes = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly HashSet<int> _unsettled = [];

    private CanonicalMappings()
    {
    }

    public static CanonicalMappings Unicode { get; } = Load();

    /// <summary>Zero: a starter, which no reordering passes.</summary>
    public byte CombiningClass(int codePoint) => _classes.GetValueOrDefault(codePoint);

    public bool TryParts(int codePoint, [NotNullWhen(true)] out int[]? parts) => _parts.TryGetValue(codePoint, out parts);

    public bool TryWhole(int first, int second, out int whole) => _wholes.TryGetValue((first, second), out whole);

    /// <summary>May change in form C, by itself or with what stands before it; text without such code points is in form C already.</summary>
    public bool IsUnsettled(int codePoint) => _unsettled.Contains(codePoint);

    private static CanonicalMappings Load()
    {
        var mappings = new CanonicalMappings();
        using var stream = typeof(CanonicalMappings).Assembly.GetManifestResourceStream("CanonicalMappings.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                mappings.Add(line.Split(' '));
            }
        }

        return mappings;
    }

    private void Add(string[] words)
    {
        if (words[0] == "class")
        {
            for (var codePoint = Hex(words[2]); codePoint <= Hex(words[3]); codePoint++)
            {
                _classes.Add(codePoint, byte.Parse(words[1], CultureInfo.InvariantCulture));
                _unsettled.Add(codePoint);
            }

            return;
        }

        var whole = Hex(words[1]);
        int[] parts = [.. words.Skip(2).Select(Hex)];
        _parts.Add(whole, parts);
        if (words[0] == "pair")
        {
            _wholes.Add((parts[0], parts[1]), whole);
            _unsettled.Add(parts[1]);
        }
        else
        {
            _unsettled.Add(whole);
        }
    }

    private static int Hex(string word) => int.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
