using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Families that may have layers without experts state the width of those even where a model has none.</summary>
internal static class DenseLayers
{
    /// <exception cref="InputException">Dense layers have biases, which no published checkpoint of these families has.</exception>
    public static void Read(HfConfig config)
    {
        config.Ignore("intermediate_size");
        config.Require("mlp_bias", known: false);
    }
}
