using System.Text;
using Spectre.Console;

namespace SeerMoe.Tool.Output;

/// <summary>Where words go: results to stdout, everything else to stderr; colours only where a person looks.</summary>
public sealed class Terminal
{
    // Tables are as wide as what they hold when nobody's screen limits them: the same bytes on every machine.
    private const int PlainWidth = 240;

    private const string EraseToEnd = "\e[K";

    // Made when they are first written to: help and results of programs never need them.
    private readonly Lazy<IAnsiConsole> _results;
    private readonly Lazy<IAnsiConsole> _messages;

    // Ctrl-C speaks from a thread of its own, while a line is being rewritten.
    private readonly Lock _line = new();
    private bool _isLive;

    public Terminal(TextWriter output, TextWriter error)
    {
        (Output, Error) = (output, error);
        _results = new Lazy<IAnsiConsole>(() => Console(output));
        _messages = new Lazy<IAnsiConsole>(() => Console(error));
    }

    /// <summary>Results only.</summary>
    public TextWriter Output { get; }

    /// <summary>Progress and diagnostics.</summary>
    public TextWriter Error { get; }

    /// <summary>A person is looking at stdout.</summary>
    public bool ShowsResults => _results.Value.Profile.Out.IsTerminal;

    /// <summary>A person is looking at stderr, in a terminal that can erase a line (TERM=dumb can't).</summary>
    public bool RewritesMessages => _messages.Value.Profile.Out.IsTerminal && _messages.Value.Profile.Capabilities.Ansi;

    /// <summary>Results and errors only: no progress, no notes.</summary>
    public bool Quiet { get; set; }

    /// <summary>Columns of stderr.</summary>
    public int MessageWidth => _messages.Value.Profile.Width;

    /// <summary>The console of this process.</summary>
    public static Terminal OfProcess()
    {
        System.Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new Terminal(System.Console.Out, System.Console.Error);
    }

    /// <summary>A result: a line for people, or a document for programs.</summary>
    public void Result<T>(bool json, T document, string line) => Output.Write(json ? SeerJson.Text(document) : $"{line}\n");

    /// <summary>Results of the form name, value.</summary>
    public void Print(IReadOnlyList<(string Name, string Value)> facts)
    {
        var width = facts.Max(fact => fact.Name.Length);
        foreach (var (name, value) in facts)
        {
            Output.Write($"{name.PadRight(width)}  {value}\n");
        }
    }

    /// <summary>An empty line between results.</summary>
    public void Space() => Output.Write('\n');

    /// <summary>A table of results; Markdown where stdout is not a terminal.</summary>
    public void Print(Table table)
    {
        if (ShowsResults)
        {
            _results.Value.Write(table.RoundedBorder());
            return;
        }

        using var text = new StringWriter();
        Console(text).Write(table.MarkdownBorder());
        foreach (var line in text.ToString().Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            Output.Write($"{line.TrimEnd()}\n");
        }
    }

    /// <summary>Something worth knowing that is no error.</summary>
    public void Note(string text)
    {
        if (!Quiet)
        {
            Say("note:", Color.Yellow, text);
        }
    }

    public void Notes(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            Note(text);
        }
    }

    /// <summary>A plain line that is no result.</summary>
    public void Tell(string line)
    {
        if (!Quiet)
        {
            lock (_line)
            {
                EraseLive();
                Error.WriteLine(line);
            }
        }
    }

    /// <summary>The line that rewrites itself, in one write: nothing flickers. Whatever is said next takes its place.</summary>
    /// <param name="done">Of the bar, coloured.</param>
    /// <param name="left">Of the bar.</param>
    /// <param name="text">Behind it; all three together are narrower than the window.</param>
    public void ShowLive(string done, string left, string text)
    {
        var (colour, plain) = _messages.Value.Profile.Capabilities.ColorSystem == ColorSystem.NoColors ? ("", "") : ("\e[32m", "\e[0m");
        lock (_line)
        {
            Error.Write($"\r{colour}{done}{plain}{left}{text}{EraseToEnd}");
            _isLive = true;
        }
    }

    /// <summary>Takes the line away, if there is one.</summary>
    public void EraseLive()
    {
        lock (_line)
        {
            if (_isLive)
            {
                Error.Write($"\r{EraseToEnd}");
                _isLive = false;
            }
        }
    }

    /// <summary>A line on stderr that opens with a coloured word: "error:", "note:".</summary>
    public void Say(string opening, Color color, string text)
    {
        lock (_line)
        {
            EraseLive();
            _messages.Value.Write(new Text(opening, new Style(color)));
            Error.WriteLine($" {text}"); // not through Spectre, which would fold long paths
        }
    }

    private static IAnsiConsole Console(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = PlainWidth;
            console.Profile.Capabilities.Ansi = false;
            console.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }

        return console;
    }
}
