using System.Text;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting;

namespace SeerMoe.Recipes.Scripting;

/// <summary>
/// C# to an assembly. With the other types that name Microsoft.CodeAnalysis it is touched only where a script is not in the cache,
/// so that nobody else waits for the compiler to load.
/// </summary>
internal static class ScriptCompiler
{
    private static readonly string[] Imports =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq",
        "SeerMoe.Experts", "SeerMoe.Pruning", "SeerMoe.Recipes", "SeerMoe.Torch.Models", "SeerMoe.Torch.Training",
    ];

    /// <exception cref="RecipeException">Everything that is wrong with it.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while compiling.</exception>
    public static CompiledScript Compile(ScriptSources sources, CancellationToken interrupted)
    {
        var compilation = Compilation(sources);
        var references = compilation.SyntaxTrees.SelectMany(tree => References(tree, sources)).ToList();
        RefuseIfAny(references);
        RefuseIfAny(
        [
            .. compilation.GetDiagnostics(interrupted).Where(fault => fault.Severity == DiagnosticSeverity.Error).Select(fault => Told(fault, sources)),
            .. CriterionChecks.Check(compilation, sources),
        ]);

        using var library = new MemoryStream();
        using var symbols = new MemoryStream();
        var calls = new ResourceDescription(CompiledScript.Calls, () => new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(CallFinder.Find(compilation))), isPublic: true);
        var emitted = compilation.Emit(library, symbols, manifestResources: [calls], options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: interrupted);
        RefuseIfAny([.. emitted.Diagnostics.Where(fault => fault.Severity == DiagnosticSeverity.Error).Select(fault => Told(fault, sources))]);
        return new CompiledScript(library.ToArray(), symbols.ToArray());
    }

    /// <summary>Where a piece of a tree stands.</summary>
    public static Place PlaceOf(Location location, ScriptSources sources)
    {
        var (path, span) = (location.SourceTree?.FilePath ?? sources.Main, location.GetLineSpan());
        return span.IsValid ? sources.At(path, span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1, Length(span)) : sources.At(sources.Main, 1);
    }

    /// <summary>Up to the end of the line for what goes on below it (0), one column for what is nothing at all.</summary>
    public static int Length(FileLinePositionSpan span) =>
        span.EndLinePosition.Line > span.StartLinePosition.Line ? 0 : Math.Max(1, span.EndLinePosition.Character - span.StartLinePosition.Character);

    private static Compilation Compilation(ScriptSources sources)
    {
        var options = ScriptOptions.Default
            .WithFilePath(sources.Main)
            .WithFileEncoding(Encoding.UTF8)
            .WithEmitDebugInformation(true)
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithSourceResolver(new LoadedSources(sources))
            .WithReferences(ScriptHost.References.Select(path => MetadataReference.CreateFromFile(path)))
            .WithImports(Imports);
        return CSharpScript.Create(sources.Find(sources.Main), options, typeof(RecipeGlobals)).GetCompilation();
    }

    private static IEnumerable<Diagnostic> References(SyntaxTree tree, ScriptSources sources) =>
        from directive in tree.GetCompilationUnitRoot().GetReferenceDirectives()
        let isPackage = directive.File.ValueText.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase)
        select new Diagnostic(
            PlaceOf(directive.GetLocation(), sources),
            isPackage ? "a recipe can't bring in NuGet packages" : "a recipe can't refer to other assemblies",
            "It has .NET's own library and SeerMoe; C# of your own can be loaded with #load \"other.csx\".");

    private static Diagnostic Told(Microsoft.CodeAnalysis.Diagnostic fault, ScriptSources sources) =>
        new(PlaceOf(fault.Location, sources), $"{fault.Id}: {fault.GetMessage(System.Globalization.CultureInfo.InvariantCulture).TrimEnd('.')}", CompilerHints.For(fault));

    private static void RefuseIfAny(IReadOnlyCollection<Diagnostic> faults)
    {
        if (faults.Count > 0)
        {
            throw new RecipeException(faults);
        }
    }
}
