using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SeerMoe.Recipes.Scripting;

/// <summary>Finds, by name, the calls of a script that build the recipe, with the places of their arguments.</summary>
internal static class CallFinder
{
    private static readonly Dictionary<string, ParameterInfo[]> Parameters = typeof(RecipeGlobals)
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName)
        .GroupBy(method => method.Name, StringComparer.Ordinal)
        .ToDictionary(overloads => overloads.Key, overloads => overloads.First().GetParameters(), StringComparer.Ordinal);

    private static readonly HashSet<string> Properties =
        [.. typeof(RecipeGlobals).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];

    /// <summary>Names of the methods and the properties that a script may mean.</summary>
    public static IEnumerable<string> Words => [.. Parameters.Keys, .. typeof(RecipeGlobals).GetProperties().Select(property => property.Name)];

    /// <summary>Names of the parameters that a person may give.</summary>
    public static IEnumerable<string> ParametersOf(string method) =>
        Parameters.GetValueOrDefault(method, []).Select(parameter => parameter.Name!).Where(name => name is not ("file" or "line" or "source"));

    public static ScriptCall[] Find(Compilation compilation) =>
        [.. compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes()).Select(Call).OfType<ScriptCall>()];

    private static ScriptCall? Call(SyntaxNode node)
    {
        switch (node)
        {
            case InvocationExpressionSyntax { Expression: IdentifierNameSyntax name } call when Parameters.ContainsKey(name.Identifier.ValueText):
                var parts = new Dictionary<string, Span>(StringComparer.Ordinal);
                AddArguments(parts, "", call);
                // [CallerLineNumber] is the line of the opening parenthesis.
                return Of(name, SpanOf(call.ArgumentList.OpenParenToken).Line, parts);
            case AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } assignment when Properties.Contains(name.Identifier.ValueText):
                return Of(name, SpanOf(name).Line, new(StringComparer.Ordinal) { [ScriptCall.Value] = SpanOf(assignment.Right) });
            default:
                return null;
        }
    }

    private static ScriptCall Of(IdentifierNameSyntax name, int line, Dictionary<string, Span> parts) =>
        new(name.SyntaxTree.FilePath, line, name.Identifier.ValueText, SpanOf(name), parts);

    private static void AddArguments(Dictionary<string, Span> parts, string prefix, InvocationExpressionSyntax call)
    {
        var parameters = Parameters[((IdentifierNameSyntax)call.Expression).Identifier.ValueText];
        var arguments = call.ArgumentList.Arguments;
        for (var i = 0; i < arguments.Count; i++)
        {
            var parameter = parameters[Math.Min(i, parameters.Length - 1)];
            var item = parameter.IsDefined(typeof(ParamArrayAttribute)) ? $"[{i - parameter.Position}]" : "";
            AddValue(parts, prefix + (arguments[i].NameColon?.Name.Identifier.ValueText ?? parameter.Name + item), arguments[i].Expression);
        }
    }

    private static void AddValue(Dictionary<string, Span> parts, string part, ExpressionSyntax value)
    {
        parts[part] = SpanOf(value);
        switch (value)
        {
            case InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: nameof(RecipeGlobals.TopK) } } topK:
                AddArguments(parts, $"{part}.", topK);
                break;
            case CollectionExpressionSyntax list when list.Elements.All(element => element is ExpressionElementSyntax):
                AddItems(parts, part, list.Elements.Select(element => ((ExpressionElementSyntax)element).Expression));
                break;
            case ImplicitArrayCreationExpressionSyntax array:
                AddItems(parts, part, array.Initializer.Expressions);
                break;
        }
    }

    private static void AddItems(Dictionary<string, Span> parts, string part, IEnumerable<ExpressionSyntax> items)
    {
        foreach (var (i, item) in items.Index())
        {
            AddValue(parts, $"{part}[{i}]", item);
        }
    }

    private static Span SpanOf(SyntaxNodeOrToken piece)
    {
        var span = piece.GetLocation()!.GetLineSpan();
        return new Span(span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1, ScriptCompiler.Length(span));
    }
}
