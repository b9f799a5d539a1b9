using SeerMoe.Pruning;

namespace SeerMoe.Tests.Pruning;

/// <summary>Plans as a person writes them: layers and survivors, nothing else.</summary>
internal static class Plans
{
    public static PrunePlan ByHand(params (int Layer, int[] Survivors)[] layers) =>
        new(null, null, null, null, null, [.. layers.Select(layer => new LayerPlan(layer.Layer, null, [.. layer.Survivors], null))]);
}
