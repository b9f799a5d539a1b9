using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Training;

/// <summary>The weight of the balance loss that a checkpoint's own training had.</summary>
public static class FamilyBalance
{
    private static readonly string[] Keys = ["router_aux_loss_coef", "aux_loss_alpha"];

    /// <summary>Options whose weight is a number.</summary>
    /// <exception cref="InputException">The config states none.</exception>
    public static TrainOptions Resolved(TrainOptions options, HfConfig config)
    {
        if (options.Balance == BalanceSource.Weight)
        {
            return options;
        }

        return Array.Find(Keys, config.Has) is { } key
            ? options with { BalanceWeight = config.Number(key) }
            : throw new InputException($"The config has no weight of a balance loss ({string.Join(", ", Keys)}).", config.Path, "Give a balance weight yourself, or leave it off.");
    }
}
