using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>How a point is drawn: a colour of the page's palette and a form of its own, so that nothing hangs on colour alone.</summary>
/// <param name="Class">Names the colour in report.css.</param>
/// <param name="Form">One of the forms below.</param>
internal sealed record Mark(string Class, Func<double, double, Html> Form)
{
    private const double R = 4.5;

    private static readonly Func<double, double, Html>[] Forms = [Circle, Square, Triangle, Diamond, Cross];

    /// <summary>Of a model in a run.</summary>
    public static Mark Of(ComparedKind kind) => kind switch
    {
        ComparedKind.Full => new Mark("full", Diamond),
        ComparedKind.Random => new Mark("random", Cross),
        ComparedKind.Pruned => new Mark("pruned", Square),
        _ => new Mark("newest", Circle),
    };

    /// <summary>Of the n-th of several series; they repeat after 35.</summary>
    public static Mark OfSeries(int number) => new($"s{number % 7}", Forms[number % Forms.Length]);

    /// <summary>At a place of the drawing.</summary>
    public Html At(double x, double y) => $"""<g class="mark {Class}">{Form(x, y)}</g>""";

    /// <summary>For a legend in the text.</summary>
    public Html Key => $"""<svg class="key" viewBox="0 0 12 12" aria-hidden="true">{At(6, 6)}</svg>""";

    private static Html Circle(double x, double y) => $"""<circle cx="{x}" cy="{y}" r="{R}"/>""";

    private static Html Square(double x, double y) => $"""<rect x="{x - 4}" y="{y - 4}" width="8" height="8"/>""";

    private static Html Triangle(double x, double y) => $"""<path d="M{x} {y - 5}L{x + 5} {y + 4}H{x - 5}Z"/>""";

    private static Html Diamond(double x, double y) => $"""<path d="M{x} {y - 5.5}L{x + 5.5} {y}L{x} {y + 5.5}L{x - 5.5} {y}Z"/>""";

    private static Html Cross(double x, double y) => $"""<path class="stroked" d="M{x - 4} {y - 4}L{x + 4} {y + 4}M{x - 4} {y + 4}L{x + 4} {y - 4}"/>""";
}
