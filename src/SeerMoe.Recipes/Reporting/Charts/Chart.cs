namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>A drawing with its title, in words for who can't see it, and a line below. All are 360 units wide, so that letters are readable on a phone.</summary>
internal static class Chart
{
    public const double Width = 360;

    /// <param name="title">What it shows, above it.</param>
    /// <param name="description">What can be seen, for screen readers.</param>
    /// <param name="height">In the units of <see cref="Width"/>.</param>
    /// <param name="drawing">SVG.</param>
    /// <param name="caption">How to read it.</param>
    public static Html Of(string title, string description, double height, Html drawing, Html? caption = null) =>
        $"""
        <figure><h3>{title}</h3>
        <svg viewBox="0 0 {Width} {height}" role="img" aria-label="{title}"><title>{title}</title><desc>{description}</desc>{drawing}</svg>
        {(caption is null ? Html.None : Html.Of($"<figcaption>{caption}</figcaption>"))}</figure>

        """;
}
