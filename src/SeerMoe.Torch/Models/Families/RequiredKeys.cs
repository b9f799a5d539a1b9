using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Keys of which all published checkpoints of a family have one value: another one may mean another computation, which nobody has checked.</summary>
internal static class RequiredKeys
{
    public static void Require(this HfConfig config, string key, bool known) => Refuse(config, key, config.Flag(key, known) == known, known ? "true" : "false");

    public static void Require(this HfConfig config, string key, double known) => Refuse(config, key, config.Number(key, known) == known, $"{known}");

    public static void Require(this HfConfig config, string key, string known) => Refuse(config, key, config.Text(key, known) == known, known);

    private static void Refuse(HfConfig config, string key, bool isKnown, string known)
    {
        if (!isKnown)
        {
            throw new InputException($"{key} is not {known}.", config.Path, $"Every published {config.ModelType} has that value; others are not known here.");
        }
    }
}
