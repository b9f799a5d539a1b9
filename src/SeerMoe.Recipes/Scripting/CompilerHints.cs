using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SeerMoe.Recipes.Scripting;

/// <summary>The same suggestions for a mistyped word that YAML gets: "Did you mean 'ratio'?".</summary>
internal static class CompilerHints
{
    public static string? For(Microsoft.CodeAnalysis.Diagnostic fault)
    {
        if (fault.Location.SourceTree?.GetRoot().FindNode(fault.Location.SourceSpan) is not { } node)
        {
            return null;
        }

        var known = fault.Id switch
        {
            "CS0103" => CallFinder.Words,
            "CS1739" => CallFinder.ParametersOf(node.FirstAncestorOrSelf<InvocationExpressionSyntax>()?.Expression.ToString() ?? ""),
            _ => [],
        };
        return DidYouMean.Nearest(node.ToString(), known) is { } nearest ? $"Did you mean '{nearest}'?"
            : fault.Id == "CS1739" && known.Any() ? $"Parameters: {string.Join(", ", known)}."
            : null;
    }
}
