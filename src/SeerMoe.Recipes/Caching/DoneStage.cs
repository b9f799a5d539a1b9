using System.Collections.Immutable;
using SeerMoe.Recipes.Locking;

namespace SeerMoe.Recipes.Caching;

/// <summary>A stage that was done before, its files checked.</summary>
/// <param name="Name">Where, relative to the folder of all runs: `quickstart/1/1-count`.</param>
/// <param name="Folder">Full path of the same.</param>
/// <param name="Outputs">Relative to that folder, ordinal.</param>
public sealed record DoneStage(string Name, string Folder, ImmutableArray<HashedFile> Outputs)
{
    /// <summary>Full path of the run that it was done in.</summary>
    public string RunFolder => Path.GetDirectoryName(Folder)!;

    /// <summary>The same files under a second name each: checkpoints are large, and nothing here is ever written to again.</summary>
    public void LinkInto(string folder)
    {
        foreach (var output in Outputs)
        {
            var path = Path.Combine(folder, output.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            HardLink.CreateOrCopy(Path.Combine(Folder, output.Path), path);
        }
    }
}
