namespace SeerMoe.Recipes.Reporting;

/// <summary>One page without script, picture or network: everything is in it, and its own policy forbids the rest.</summary>
public static class HtmlPage
{
    /// <summary>By which a page of ours is told from any other file.</summary>
    internal const string Generator = """<meta name="generator" content="dotnet seer report">""";

    private static readonly string Style = ReadStyle();

    /// <param name="title">Heading, and name of the tab.</param>
    /// <param name="eyebrow">The line above it.</param>
    /// <param name="verdict">What came out, in one sentence.</param>
    /// <param name="body">The sections.</param>
    internal static string Of(string title, Html eyebrow, string verdict, Html body) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        {Raw(Generator)}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <link rel="icon" href="data:,">
        <title>{title}: dotnet seer</title>
        <style>
        {Raw(Style)}</style>
        </head>
        <body>
        <main>
        <header>
        <p class="eyebrow">{eyebrow}</p>
        <h1>{title}</h1>
        <p class="verdict">{verdict}</p>
        </header>
        {body}
        <footer>
        <p>“±” is one standard error. A number counts as better or worse where more than two standard errors of the difference lie between. Sizes are those of the tensors on disk.
        This page holds no time, machine or path of its own: the same recipe, inputs and versions give the same bytes. Times stand in <code>events.jsonl</code>.</p>
        <p>Made by <code>dotnet seer</code>; the method is SEER-MoE (arXiv 2404.05089).</p>
        </footer>
        </main>
        </body>
        </html>

        """).ToString();

    private static Html Raw(string text)
    {
        Html piece = $"";
        piece.AppendLiteral(text);
        return piece;
    }

    private static string ReadStyle()
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
