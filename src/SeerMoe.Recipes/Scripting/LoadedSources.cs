using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace SeerMoe.Recipes.Scripting;

/// <summary>Answers the compiler's #load from sources that were read before, so that it compiles exactly what the cache's key covers.</summary>
internal sealed class LoadedSources(ScriptSources sources) : SourceReferenceResolver
{
    public override string NormalizePath(string path, string? baseFilePath) => path;

    public override string? ResolveReference(string path, string? baseFilePath) =>
        sources.NameOf(path, baseFilePath) is var name && sources.Find(name) is not null ? name : null;

    public override SourceText ReadText(string resolvedPath) => SourceText.From(sources.Find(resolvedPath)!, Encoding.UTF8);

    public override Stream OpenRead(string resolvedPath) => new MemoryStream(Encoding.UTF8.GetBytes(sources.Find(resolvedPath)!));

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
