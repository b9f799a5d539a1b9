using System.Text.Json.Nodes;
using SeerMoe.Digests;
using SeerMoe.Recipes.Locking;

namespace SeerMoe.Recipes.Planning;

/// <summary>
/// What decides about a stage's output, as one SHA-256: all options, the digests of all inputs (earlier stages by their own
/// keys), the engine's version and those of the libraries that compute for it, the precision, and the class of the device. Files of the model enter with their names, which
/// say what they are; a data file and the folder of the model may have any name, so only what the recipe calls them enters.
/// </summary>
public static class StageKey
{
    /// <param name="id">The stage.</param>
    /// <param name="options">Canonical: every option, in one order.</param>
    /// <param name="inputs">In the order in which the stage names them.</param>
    /// <param name="environment">Where it would run.</param>
    public static string Of(string id, JsonObject options, IEnumerable<StageInput> inputs, EnvironmentInfo environment)
    {
        var whole = new JsonObject
        {
            ["stage"] = id,
            ["options"] = options.DeepClone(),
            ["inputs"] = new JsonArray([.. inputs.Select(input => new JsonObject { ["name"] = input.Name, ["sha256"] = input.Sha256 })]),
            ["engine"] = $"{environment.Tool}, TorchSharp {environment.Torchsharp}, libtorch {environment.Libtorch}",
            ["dtype"] = environment.Dtype,
            ["device"] = environment.Device,
        };
        return TextDigest.Of(whole.ToJsonString(SeerJson.Line));
    }
}
