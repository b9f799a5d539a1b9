using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Reporting;

/// <summary>Tables of a page; on a phone each row of results stands as a small list.</summary>
internal static class HtmlTable
{
    /// <summary>Every number beside its neighbours.</summary>
    public static Html Of(ResultCells cells)
    {
        var titles = cells.Models.Select(model => model.Kind == ComparedKind.Random ? "random prune" : model.Title).ToList();
        var random = cells.Models.FirstOrDefault(model => model.Kind == ComparedKind.Random);
        return $"""
            <div class="scroll" role="region" aria-label="results" tabindex="0"><table class="stacked">
            <caption>{(random is null ? "" : $"{random.Title}; ")}each value with its standard error</caption>
            <thead><tr><td></td>{Html.Each(titles, title => $"""<th scope="col" class="number">{title}</th>""")}</tr></thead>
            <tbody>
            {Html.Each(cells.Rows, row => $"""
            <tr{Html.If(row.IsDetail, () => $" class=\"detail\"")}><th scope="row">{row.Name}</th>{Html.Each(row.Cells, (cell, i) => $"""<td class="number{(i == titles.Count - 1 ? " last" : "")}" data-of="{titles[i]}">{cell}</td>""")}</tr>

            """)}</tbody></table></div>

            """;
    }

    /// <summary>Any table of text; the first column heads its rows.</summary>
    /// <param name="caption">What it is.</param>
    /// <param name="header">One a column.</param>
    /// <param name="rows">As long as the header.</param>
    /// <param name="isDense">Whether nothing in it is folded.</param>
    public static Html Of(string caption, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<Html>> rows, bool isDense = false) =>
        $"""
        <div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table class="stacked{(isDense ? " dense" : "")}">
        <caption>{caption}</caption>
        <thead><tr>{Html.Each(header, title => $"""<th scope="col">{title}</th>""")}</tr></thead>
        <tbody>
        {Html.Each(rows, row => $"""
        <tr><th scope="row">{row[0]}</th>{Html.Each(row.Skip(1), (cell, i) => $"""<td data-of="{header[i + 1]}">{cell}</td>""")}</tr>

        """)}</tbody></table></div>

        """;

    /// <summary>Files by digest.</summary>
    public static Html Of(string caption, IEnumerable<HashedFile> files) => Of(
        caption,
        ["file", "bytes", "sha256"],
        files.Select(file => (IReadOnlyList<Html>)[Html.Of($"<code>{file.Path}</code>"), Html.Of($"{file.Bytes:N0}"), Html.Of($"<code>{file.Sha256}</code>")]));
}
