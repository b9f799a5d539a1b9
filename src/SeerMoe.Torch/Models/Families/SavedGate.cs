using System.Text.Json.Nodes;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>
/// The combine weight at top-1 that a checkpoint was tuned with: <c>"seer": {"gate_at_top1": "probability"}</c> in
/// config.json. A family that renormalises has no key of its own for it, so stock runtimes multiply by 1 instead.
/// </summary>
public static class SavedGate
{
    private const string Key = "gate_at_top1";

    private const string Probability = "probability";

    public static GateAtTop1 Of(HfConfig config) =>
        config.Section("seer")?.Text(Key, "renormalised") is Probability ? GateAtTop1.Probability : GateAtTop1.Renormalised;

    /// <summary>The config's seer section with the probability gate added.</summary>
    public static JsonNode Written(HfConfig config)
    {
        var seer = config.SectionNode("seer") ?? new JsonObject();
        seer[Key] = Probability;
        return seer;
    }
}
