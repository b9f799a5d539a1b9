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

    private const string Renormalised = "renormalised";

    public static GateAtTop1 Of(HfConfig config) =>
        config.Section("seer")?.Text(Key, Renormalised) is Probability ? GateAtTop1.Probability : GateAtTop1.Renormalised;

    /// <summary>The config's seer section with this gate in it.</summary>
    public static JsonNode Written(HfConfig config, GateAtTop1 gate)
    {
        var seer = config.SectionNode("seer") ?? new JsonObject();
        seer[Key] = gate == GateAtTop1.Probability ? Probability : Renormalised;
        return seer;
    }
}
