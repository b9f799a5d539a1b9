using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SeerMoe.Recipes.Scripting;

/// <summary>
/// A stage's key covers a criterion by its text, so the text must be all there is to it: a lambda where the criterion is named, that
/// uses nothing of the script around it. Otherwise another value outside would give other survivors under an equal key.
/// </summary>
internal static class CriterionChecks
{
    public static IEnumerable<Diagnostic> Check(Compilation compilation, ScriptSources sources)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var call in tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>().Where(call => IsCriterion(call, model)))
            {
                foreach (var fault in Check(call, model, sources))
                {
                    yield return fault;
                }
            }
        }
    }

    private static bool IsCriterion(InvocationExpressionSyntax call, SemanticModel model) =>
        call.Expression is IdentifierNameSyntax { Identifier.ValueText: nameof(RecipeGlobals.Criterion) }
        && model.GetSymbolInfo(call).Symbol is IMethodSymbol { ContainingType: { } owner } && IsGlobals(owner);

    private static IEnumerable<Diagnostic> Check(InvocationExpressionSyntax call, SemanticModel model, ScriptSources sources)
    {
        var arguments = call.ArgumentList.Arguments;
        if (arguments.Skip(2).FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText is not ("name" or "score")) is { } extra)
        {
            yield return new Diagnostic(ScriptCompiler.PlaceOf(extra.GetLocation(), sources), "a criterion has a name and a lambda", "The compiler fills in its text and its line.");
        }

        var score = (arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == "score") ?? arguments[1]).Expression;
        if (score is not AnonymousFunctionExpressionSyntax lambda)
        {
            yield return new Diagnostic(ScriptCompiler.PlaceOf(score.GetLocation(), sources), "a criterion must be written as a lambda where it is named", "Its text is what tells it from other criteria, in the lock and in the stage's key.");
            yield break;
        }

        foreach (var name in lambda.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (model.GetSymbolInfo(name).Symbol is { } symbol && IsOutside(symbol, lambda))
            {
                yield return new Diagnostic(ScriptCompiler.PlaceOf(name.GetLocation(), sources), $"the criterion uses '{name}' of the script around it", "Write it out inside the lambda: its text is all that the stage's key covers.");
            }
        }
    }

    private static bool IsOutside(ISymbol symbol, AnonymousFunctionExpressionSyntax lambda) =>
        (!symbol.IsStatic && symbol.ContainingType is { } owner && IsGlobals(owner))
        || symbol.DeclaringSyntaxReferences.Any(declaration => declaration.SyntaxTree != lambda.SyntaxTree || !lambda.Span.Contains(declaration.Span));

    private static bool IsGlobals(INamedTypeSymbol type) => type.Name == nameof(RecipeGlobals);
}
