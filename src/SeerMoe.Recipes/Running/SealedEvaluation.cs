using SeerMoe.Digests;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>What was measured once for several points, on disk with its own digest: one that was edited or damaged is measured again.</summary>
/// <param name="Sha256">Of the evaluation as JSON.</param>
internal sealed record SealedEvaluation(string Sha256, EvaluationResult Evaluation)
{
    private const string Extension = ".json";

    /// <summary>Null where it is not there, or is not what was written.</summary>
    public static EvaluationResult? Find(string path)
    {
        try
        {
            return File.Exists(path + Extension) && SeerJson.Read<SealedEvaluation>(path + Extension, "Delete it.") is var found && found.Sha256 == Digest(found.Evaluation) ? found.Evaluation : null;
        }
        catch (InputException)
        {
            return null;
        }
    }

    public static void Write(string path, EvaluationResult evaluation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        SeerJson.Write(path + Extension, new SealedEvaluation(Digest(evaluation), evaluation));
    }

    private static string Digest(EvaluationResult evaluation) => TextDigest.Of(SeerJson.Text(evaluation));
}
