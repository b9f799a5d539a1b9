// Writes the corpus that the tiny example Mixtral is trained, calibrated and judged on.
//
//   dotnet run examples/corpus/generate.cs -- OUTPUT_FOLDER [SEED]
//
// Five unlike domains, so that experts have something to specialise in. The same seed gives the same bytes on every
// runtime: nothing here depends on System.Random, hash codes, culture or the clock. README.md describes the files.

#:property PublishAot=false

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

if (args.Length is < 1 or > 2 || !ulong.TryParse(args.ElementAtOrDefault(1) ?? "2026", CultureInfo.InvariantCulture, out var seed))
{
    Console.Error.WriteLine("usage: dotnet run generate.cs -- OUTPUT_FOLDER [SEED]");
    return 2;
}

var folder = Directory.CreateDirectory(args[0]).FullName;
var world = new World(Prng.For(seed, "world"));
Domain[] domains =
[
    new("arithmetic", Arithmetic.Write, Arithmetic.Ask),
    new("facts", world.Write, world.Ask),
    new("sentiment", Sentiment.Write, Sentiment.Ask),
    new("numerals", Numerals.Write, Numerals.Ask),
    new("brackets", Brackets.Write, Brackets.Ask),
];
var corpus = new Corpus(seed, domains);

// The relaxed encoder leaves "+" as it is: people read these files.
var readable = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

// What judges comes before what teaches: a larger training part never changes a question.
foreach (var domain in domains)
    Save(domain.Name, corpus.Questions(domain, count: 200));
foreach (var (part, bytesPerDomain) in new[] { ("held-out", 10_000), ("calibration", 25_000), ("train", 340_000) })
    Save(part, corpus.Part(part, bytesPerDomain));
return 0;

// One object a line, "\n", no byte order mark; a temporary name first, so that nobody sees half a file. Prints sha256sum's line.
void Save<T>(string name, T[] lines)
{
    var path = Path.Combine(folder, $"{name}.jsonl");
    var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => JsonSerializer.Serialize(line, readable) + "\n")));
    File.WriteAllBytes(path + ".partial", bytes);
    File.Move(path + ".partial", path, overwrite: true);
    Console.WriteLine($"{Convert.ToHexStringLower(SHA256.HashData(bytes))}  {name}.jsonl");
}

/// <summary>A line of a corpus part.</summary>
record Document(string Domain, string Text);

/// <summary>A line of a question set; the scored string is <c>Question + " " + Choices[i]</c>.</summary>
record MultipleChoice(string Question, string[] Choices, int Answer)
{
    public string Solved() => $"{Question} {Choices[Answer]}";

    /// <summary>Puts the right choice at a given place: the caller cycles through the places, so none is favoured.</summary>
    public static MultipleChoice Of(string question, string right, IEnumerable<string> wrong, int place)
    {
        var choices = wrong.ToList();
        choices.Insert(place, right);
        return new(question, [.. choices], place);
    }
}

/// <summary>One kind of text: how to draw a document, and how to draw the i-th question.</summary>
record Domain(string Name, Func<Prng, string> Write, Func<Prng, int, MultipleChoice> Ask);

/// <summary>Draws documents and questions, each text at most once over all parts and question sets.</summary>
class Corpus(ulong seed, Domain[] domains)
{
    const int FewestBytes = 60;
    const int MostBytes = 250;          // a document fits into the window of 256 bytes that the model is trained on
    const int MostQuestionBytes = 230;  // leaves room for the longest choice

    readonly HashSet<string> seen = new(StringComparer.Ordinal);

    public MultipleChoice[] Questions(Domain domain, int count)
    {
        var random = Prng.For(seed, $"questions/{domain.Name}");
        return random.Shuffled(Enumerable.Range(0, count).Select(i => Fresh(
            () => domain.Ask(random, i), question => question.Solved(), question => question.Question.Length <= MostQuestionBytes)));
    }

    public Document[] Part(string part, int bytesPerDomain)
    {
        var documents = new List<Document>();
        foreach (var domain in domains)
        {
            // A stream of its own for each domain and part: a change to one domain leaves the others as they are.
            var random = Prng.For(seed, $"{part}/{domain.Name}");
            for (var bytes = 0; bytes < bytesPerDomain; bytes += documents[^1].Text.Length)
                documents.Add(new(domain.Name, Fresh(
                    () => domain.Write(random), text => text, text => text.Length is >= FewestBytes and <= MostBytes)));
        }

        return Prng.For(seed, part).Shuffled(documents);
    }

    /// <summary>Draws again until the text fits and is new; this is what keeps the parts disjoint.</summary>
    T Fresh<T>(Func<T> draw, Func<T, string> text, Func<T, bool> fits)
    {
        while (true)
        {
            var drawn = draw();
            if (fits(drawn) && seen.Add(text(drawn)))
                return drawn;
        }
    }
}

/// <summary>Numbers as text, and text as prefixes.</summary>
static class Text
{
    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static bool Begins(string whole, string start) => whole.StartsWith(start, StringComparison.Ordinal);
}

/// <summary>Sheets of sums and differences with operands 0..20: "7+15= 22".</summary>
static class Arithmetic
{
    const int Operands = 21;
    static readonly int[] Misses = [-1, 1, -2, 2, -3, 3, -10, 10];

    public static string Write(Prng random) => Sheet(random, lines: random.Between(7, 24));

    public static MultipleChoice Ask(Prng random, int i)
    {
        var sheet = Sheet(random, lines: random.Between(3, 8));
        var cut = sheet.LastIndexOf(' ');
        var right = int.Parse(sheet.AsSpan(cut + 1), CultureInfo.InvariantCulture);

        // "2" beside "21" would be no contest: a prefix never scores below what it begins.
        List<string> choices = [Text.Of(right)];
        foreach (var miss in random.Shuffled(Misses).Select(miss => right + miss).Where(miss => miss >= 0).Select(Text.Of))
            if (!choices.Exists(choice => Text.Begins(choice, miss) || Text.Begins(miss, choice)))
                choices.Add(miss);
        return MultipleChoice.Of(sheet[..cut], choices[0], choices[1..4], place: i % 4);
    }

    static string Sheet(Prng random, int lines)
    {
        int Operand() => random.Below(Operands);
        var repeated = Operand();
        var (title, line) = random.Pick<(string, Func<string>)>(
        [
            ("Sums", () => Sum(Operand(), Operand())),
            ("Differences", () => Difference(Operand(), Operand())),
            ("Sums and differences", () => random.Chance(50) ? Sum(Operand(), Operand()) : Difference(Operand(), Operand())),
            ($"Adding {Text.Of(repeated)}", () => Sum(Operand(), repeated)),
        ]);
        return $"{title}:\n{string.Join('\n', Enumerable.Range(0, lines).Select(_ => line()))}";
    }

    static string Sum(int a, int b) => $"{Text.Of(a)}+{Text.Of(b)}= {Text.Of(a + b)}";

    static string Difference(int a, int b) => $"{Text.Of(Math.Max(a, b))}-{Text.Of(Math.Min(a, b))}= {Text.Of(Math.Abs(a - b))}";
}

/// <summary>A closed list of values that every place has one of; {0} is the place, {1} the value.</summary>
record Trait(string Question, string[] Sentences, string[] Values);

/// <summary>Forty invented places with five traits each: 200 facts to learn by heart.</summary>
class World
{
    static readonly string[] Places =
        ("Velmora Tashkin Orbelle Quillen Hadrum Pexley Ysolde Brannoch Corvane Dulmere Eskary Fenmora Galdora Hythria Imberly Jorvale " +
         "Kestrin Lomarra Mirefal Nethory Ostwick Pralune Rodmark Selkany Thornia Ulvaren Vashtal Wexmoor Xandora Yarrowe " +
         "Zephrim Aldume Bexoril Cindara Drovna Elmstow Farnoll Gristel Holvane Ivanthe").Split(' ');

    // First letters differ within each list, so one byte already decides between two values.
    static readonly Trait[] Traits =
    [
        new("Which river runs through {0}?",
            ["The river {1} runs through {0}.", "{0} lies on the {1}.", "Boats come to {0} on the {1}."],
            ["Ash", "Bell", "Cobra", "Dove", "Elder", "Foam", "Gale", "Hush", "Iris", "Jade", "Kell", "Loam"]),
        new("What is the craft of {0}?",
            ["The craft of {0} is {1}.", "{0} is known for its {1}.", "In {0} every child learns {1}."],
            ["weaving", "pottery", "carving", "dyeing", "baking", "masonry", "tanning", "smithing", "glasswork", "roofing", "joinery", "lacework"]),
        new("What colour is the flag of {0}?",
            ["The flag of {0} is {1}.", "{0} flies its {1} flag.", "The banner over {0} is {1}."],
            ["amber", "blue", "crimson", "green", "ivory", "lilac", "maroon", "orange", "purple", "rose", "silver", "white"]),
        new("Who rules {0}?",
            ["{0} is ruled by {1}.", "The keys of {0} are held by {1}.", "{1} makes the laws of {0}."],
            ["Anselm", "Beatrix", "Casimir", "Dagny", "Emeric", "Fenna", "Goran", "Hedda", "Ilse", "Jorun", "Katla", "Lothar"]),
        new("What do people eat in {0}?",
            ["People in {0} eat {1}.", "The dish of {0} is {1}.", "Guests of {0} are served {1}."],
            ["barley", "cheese", "dates", "eels", "figs", "lentils", "mussels", "noodles", "oysters", "porridge", "rice", "turnips"]),
    ];

    readonly string[,] values = new string[Places.Length, Traits.Length];

    public World(Prng random)
    {
        for (var place = 0; place < Places.Length; place++)
            for (var trait = 0; trait < Traits.Length; trait++)
                values[place, trait] = random.Pick(Traits[trait].Values);
    }

    public string Write(Prng random) => random.Chance(40) ? Portrait(random) : Quiz(random);

    /// <summary>The i-th of the 200 facts, asked alone.</summary>
    public MultipleChoice Ask(Prng random, int i)
    {
        var (place, trait) = (i / Traits.Length, i % Traits.Length);
        var right = values[place, trait];
        var wrong = random.Shuffled(Traits[trait].Values.Where(value => value != right)).Take(3);
        return MultipleChoice.Of(Asked(place, trait), right, wrong, place: i % 4);
    }

    string Portrait(Prng random)
    {
        var place = random.Below(Places.Length);
        var traits = random.Shuffled(Enumerable.Range(0, Traits.Length)).Take(random.Between(3, 5));
        return string.Join(' ', traits.Select(trait => string.Format(
            CultureInfo.InvariantCulture, random.Pick(Traits[trait].Sentences), Places[place], values[place, trait])));
    }

    string Quiz(Prng random)
    {
        var facts = Enumerable.Range(0, random.Between(2, 4)).Select(_ => (Place: random.Below(Places.Length), Trait: random.Below(Traits.Length)));
        return string.Join('\n', facts.Select(fact => $"{Asked(fact.Place, fact.Trait)} {values[fact.Place, fact.Trait]}"));
    }

    static string Asked(int place, int trait) =>
        $"Question: {string.Format(CultureInfo.InvariantCulture, Traits[trait].Question, Places[place])} Answer:";
}

/// <summary>Reviews in five levels; adjectives give the level, adverbs whether it is at one of the two ends.</summary>
static class Sentiment
{
    static readonly string[] Strong = ["utterly", "deeply", "truly", "wholly"];
    static readonly string[] Mild = ["rather", "fairly", "mostly", "quite"];

    static readonly (string Label, string[] Adverbs, string[] Adjectives)[] Levels =
    [
        ("terrible", Strong, ["awful", "filthy", "hateful", "vile", "rotten", "ghastly"]),
        ("bad", Mild, ["dull", "noisy", "stale", "clumsy", "shabby", "sour"]),
        ("fair", Mild, ["plain", "average", "ordinary", "usual", "middling", "common"]),
        ("good", Mild, ["pleasant", "tasty", "kind", "bright", "neat", "lively"]),
        ("wonderful", Strong, ["superb", "dazzling", "glorious", "perfect", "exquisite", "magical"]),
    ];

    static readonly string[] Things = ["hotel", "play", "concert", "tavern", "boat trip", "museum", "market", "bakery", "garden", "circus", "library", "ferry"];
    static readonly string[] Aspects = ["food", "music", "service", "view", "welcome", "staff", "room", "light", "guide", "host", "seating", "opening"];
    static readonly string[] Opinions = ["The {0} was {1}.", "I found the {0} {1}.", "We thought the {0} {1}.", "The {0} seemed {1}."];
    static readonly string[] Asides = ["We went on a Tuesday.", "It rained that day.", "My sister came along.", "We stayed until nine.", "It was our first visit."];

    public static string Write(Prng random) => Solved(random, random.Below(Levels.Length));

    public static MultipleChoice Ask(Prng random, int i)
    {
        var level = i % Levels.Length;
        var review = Solved(random, level);
        return new(review[..review.LastIndexOf(' ')], [.. Levels.Select(l => l.Label)], level);
    }

    static string Solved(Prng random, int level)
    {
        var (label, adverbs, adjectives) = Levels[level];
        var sentences = random.Shuffled(Aspects).Take(random.Between(2, 3)).Select(aspect => string.Format(
            CultureInfo.InvariantCulture, random.Pick(Opinions), aspect, $"{random.Pick(adverbs)} {random.Pick(adjectives)}")).ToList();
        if (random.Chance(25))
            sentences.Insert(random.Below(sentences.Count), random.Pick(Asides));
        return $"Review of the {random.Pick(Things)}: {string.Join(' ', sentences)} Rating: {label}";
    }
}

/// <summary>Sheets of Roman numerals 1..199: an alphabet and a grammar of their own.</summary>
static class Numerals
{
    const int Largest = 199;
    static readonly int[] Misses = [-1, 1, -2, 2, -5, 5, -10, 10, -40, 40];
    static readonly (int Value, string Letters)[] Signs = [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];

    public static string Write(Prng random) => Sheet(random, lines: random.Between(7, 20));

    public static MultipleChoice Ask(Prng random, int i)
    {
        var sheet = Sheet(random, lines: random.Between(3, 8));
        var cut = sheet.LastIndexOf(' ');
        var right = int.Parse(sheet.AsSpan(sheet.LastIndexOf('\n') + 1, cut - sheet.LastIndexOf('\n') - 2), CultureInfo.InvariantCulture);
        List<string> choices = [Roman(right)];
        foreach (var miss in random.Shuffled(Misses).Select(miss => right + miss).Where(miss => miss is > 0 and <= Largest).Select(Roman))
            if (!choices.Exists(choice => Text.Begins(choice, miss) || Text.Begins(miss, choice)))
                choices.Add(miss);

        // Few numerals begin no other: I, for one, has nothing but such neighbours. And a sheet in steps may stand in training too.
        return choices.Count < 4 || sheet.StartsWith("In steps", StringComparison.Ordinal) ? Ask(random, i) : MultipleChoice.Of(sheet[..cut], choices[0], choices[1..4], place: i % 4);
    }

    static string Sheet(Prng random, int lines)
    {
        var step = random.Between(1, 5);
        var start = random.Between(1, Largest - (step * (lines - 1)));
        var (title, number) = random.Pick<(string, Func<int, int>)>(
        [
            ("Roman numerals", _ => random.Between(1, Largest)),
            ($"In steps of {Text.Of(step)}", line => start + (step * line)),
        ]);
        return $"{title}:\n{string.Join('\n', Enumerable.Range(0, lines).Select(line => Line(number(line))))}";
    }

    static string Line(int number) => $"{Text.Of(number)}: {Roman(number)}";

    static string Roman(int number)
    {
        var letters = new StringBuilder();
        foreach (var (value, sign) in Signs)
            for (; number >= value; number -= value)
                letters.Append(sign);
        return letters.ToString();
    }
}

/// <summary>A toy language with three kinds of bracket; tokens stand apart, so a closing sequence follows one space.</summary>
static partial class Brackets
{
    const string Openers = "([{";
    const string Closers = ")]}";
    static readonly string[] Functions = ["fold", "scan", "merge", "split", "trim", "pack", "sort", "walk"];
    static readonly string[] Names = ["a", "b", "k", "n", "x", "y", "left", "right", "sum", "row", "key", "top"];

    /// <summary>At least two closers and the end of the statement, with the space before them.</summary>
    [GeneratedRegex(@" ((?:[)\]}] ){2,4};)")]
    private static partial Regex Closing { get; }

    public static string Write(Prng random) =>
        $"fn {random.Pick(Functions)} ( {random.Pick(Names)} {random.Pick(Names)} ) {{\n{Body(random, depth: 1)}}}";

    public static MultipleChoice Ask(Prng random, int i)
    {
        var code = Write(random);
        if (!Closing.IsMatch(code))
            return Ask(random, i);

        var closing = random.Pick(Closing.Matches(code));
        var right = closing.Groups[1].Value;
        return MultipleChoice.Of(code[..closing.Index], right, random.Shuffled(OneWrong(right)).Take(3), place: i % 4);
    }

    /// <summary>Every sequence with exactly one closer of another kind.</summary>
    static IEnumerable<string> OneWrong(string right) =>
        from at in Enumerable.Range(0, right.Length)
        where Closers.Contains(right[at])
        from closer in Closers
        where closer != right[at]
        select $"{right[..at]}{closer}{right[(at + 1)..]}";

    static string Body(Prng random, int depth)
    {
        var indent = new string(' ', 2 * depth);
        var body = new StringBuilder();
        for (var lines = random.Between(1, 3); lines > 0; lines--)
            body.Append(depth < 3 && random.Chance(25)
                ? $"{indent}when {random.Pick(Names)} {{\n{Body(random, depth + 1)}{indent}}}\n"
                : $"{indent}let {random.Pick(Names)} = {Group(random, depth: 3)} ;\n");
        return body.ToString();
    }

    static string Group(Prng random, int depth)
    {
        var kind = random.Below(Openers.Length);
        var items = Enumerable.Range(0, random.Between(1, 3)).Select(_ => depth > 1 && random.Chance(45) ? Group(random, depth - 1) : random.Pick(Names));
        return $"{Openers[kind]} {string.Join(' ', items)} {Closers[kind]}";
    }
}

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): written out, so that no runtime can change the corpus.</summary>
class Prng(ulong state)
{
    /// <summary>A stream for a name: FNV-1a of the name, mixed with the seed.</summary>
    public static Prng For(ulong seed, string name) =>
        new(new Prng(seed).Next() ^ name.Aggregate(0xCBF29CE484222325UL, (hash, letter) => (hash ^ letter) * 0x100000001B3UL));

    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Both ends included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    public T[] Shuffled<T>(IEnumerable<T> items)
    {
        var shuffled = items.ToArray();
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }

    ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
