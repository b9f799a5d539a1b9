using System.Diagnostics;
using System.Text.Json;

namespace SeerMoe.Recipes.Tests.Reporting;

/// <summary>A real browser without a screen, where one is installed: what a page looks like to it, and what it says of it.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Skips the test where there is none.</summary>
    public static string Path()
    {
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(System.IO.Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "There is no Chromium: apt-get install --no-install-recommends chromium");
        return path!;
    }

    /// <summary>Loads a page, and runs a script of the test's in it; the page itself has none.</summary>
    /// <param name="page">The file.</param>
    /// <param name="width">Of the window, CSS pixels.</param>
    /// <param name="folder">To write into.</param>
    /// <param name="isDark">Whether the reader likes it dark.</param>
    public static Rendered Render(string page, int width, string folder, bool isDark = false)
    {
        var measured = System.IO.Path.Combine(folder, "measured.html");
        File.WriteAllText(measured, Harness(File.ReadAllText(page), width));
        var start = new ProcessStartInfo(Path())
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--disable-component-update", "--disable-background-networking", "--no-first-run",
            $"--user-data-dir={System.IO.Path.Combine(folder, "profile")}", "--enable-logging=stderr", "--virtual-time-budget=4000", "--window-size=1400,4200",
            $"--blink-settings=preferredColorScheme={(isDark ? 0 : 1)}", "--dump-dom", new Uri(measured).AbsoluteUri,
        ])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        var dom = output.Result;
        var (begin, end) = (dom.IndexOf("SEER{", StringComparison.Ordinal), dom.IndexOf("}SEER", StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"The browser measured nothing.\n{error.Result}");
        var found = JsonSerializer.Deserialize<Measured>(System.Net.WebUtility.HtmlDecode(dom[(begin + 4)..(end + 1)]), JsonSerializerOptions.Web)!;
        return new Rendered(found, [.. error.Result.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal))]);
    }

    // A frame is as narrow as it is told, where a window without a screen has a least width; the page in it is the file's own text.
    private static string Harness(string page, int width) =>
        $$"""
        <!doctype html><meta charset="utf-8"><body style="margin:0"><iframe id="page" style="border:0;width:{{width}}px;height:4000px"></iframe><pre id="out"></pre>
        <script>
        const frame = document.getElementById('page');
        frame.onload = () => {
          const page = frame.contentDocument, root = page.documentElement, wide = root.clientWidth;
          const seen = e => !e.closest('details:not([open]) > :not(summary)') && !e.closest('thead');
          const box = e => e.getBoundingClientRect();
          const inScroller = e => e.closest('.scroll, pre');
          const beyond = [...page.body.querySelectorAll('*')].filter(e => seen(e) && !inScroller(e) && box(e).width > 0 && box(e).right > wide + 0.5 && !e.closest('svg')).map(e => e.tagName + '.' + e.className);
          const empty = [...page.querySelectorAll('h1, h2, p, figure, figure > svg, table')].filter(e => seen(e) && !(box(e).width > 0 && box(e).height > 0)).map(e => e.outerHTML.slice(0, 120));
          const letters = [...page.querySelectorAll('figure > svg')].flatMap(s => [...s.querySelectorAll('text')].map(t => parseFloat(frame.contentWindow.getComputedStyle(t).fontSize) * box(s).width / s.viewBox.baseVal.width));
          const outside = [...page.querySelectorAll('figure > svg text')].filter(t => box(t).left < box(t.closest('svg')).left - 1 || box(t).right > box(t.closest('svg')).right + 1).map(t => t.textContent);
          document.getElementById('out').textContent = 'SEER' + JSON.stringify({
            overflow: root.scrollWidth - wide, beyond, empty, outside, smallest: Math.min(99, ...letters), figures: page.querySelectorAll('figure').length,
            background: frame.contentWindow.getComputedStyle(page.body).backgroundColor, scripts: page.scripts.length,
            loaded: frame.contentWindow.performance.getEntriesByType('resource').map(r => r.name) }) + 'SEER';
        };
        frame.srcdoc = {{JsonSerializer.Serialize(page)}};
        </script>
        """;
}

/// <summary>What the browser made of a page.</summary>
/// <param name="Measured">Boxes and colours.</param>
/// <param name="Console">Lines of its console: errors, and what its policy refused.</param>
internal sealed record Rendered(Measured Measured, IReadOnlyList<string> Console);

/// <summary>Boxes and colours of a page.</summary>
/// <param name="Overflow">Pixels that it is wider than its window.</param>
/// <param name="Beyond">Elements that reach over the right edge.</param>
/// <param name="Empty">Elements that should be seen and have no size.</param>
/// <param name="Outside">Words that reach out of their drawing.</param>
/// <param name="Smallest">Letters of drawings, CSS pixels.</param>
/// <param name="Figures">Drawings.</param>
/// <param name="Background">Of the page.</param>
/// <param name="Scripts">Of the page.</param>
/// <param name="Loaded">What it asked for beside itself.</param>
internal sealed record Measured(double Overflow, string[] Beyond, string[] Empty, string[] Outside, double Smallest, int Figures, string Background, int Scripts, string[] Loaded);
