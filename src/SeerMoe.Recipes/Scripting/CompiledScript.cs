using System.Reflection;
using System.Text.Json;

namespace SeerMoe.Recipes.Scripting;

/// <summary>What the compiler made of a script: runs without the compiler.</summary>
/// <param name="Library">The assembly, with its calls as a resource.</param>
/// <param name="Symbols">The portable PDB: lines for run-time errors.</param>
internal sealed record CompiledScript(byte[] Library, byte[] Symbols)
{
    /// <summary>The resource that holds the calls (see <see cref="ScriptCall"/>).</summary>
    public const string Calls = "calls";

    /// <summary>Loads it, and gives back its calls and a way to start it.</summary>
    public (ScriptCall[] Calls, Func<RecipeGlobals, Task> Start) Load()
    {
        var assembly = Assembly.Load(Library, Symbols);
        using var calls = assembly.GetManifestResourceStream(Calls)!;
        return (JsonSerializer.Deserialize<ScriptCall[]>(calls)!, globals => EntryPoint(assembly)([globals, null]));
    }

    // Roslyn's convention for a submission: its factory takes a row of what came before (the globals) and a slot for itself.
    private static Func<object?[], Task<object>> EntryPoint(Assembly assembly) => assembly
        .GetType("Submission#0", throwOnError: true)!
        .GetMethod("<Factory>", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
        .CreateDelegate<Func<object?[], Task<object>>>();
}
