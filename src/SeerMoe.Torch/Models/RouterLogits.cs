using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>W x + b in the precision of W (float32 for families that compute it there), then float32.</summary>
/// <param name="weight">[E, D]</param>
/// <param name="bias">[E], or null for none.</param>
public sealed class RouterLogits(Tensor weight, Tensor? bias = null)
{
    /// <summary>[T, D] to [T, E] float32; minus infinity at experts that drop out.</summary>
    public Tensor Of(Tensor x_TD, RoutingRule rule)
    {
        var x = x_TD.to_type(weight.dtype);
        var logits = weight.Adapt(linear(x, weight, bias).to_type(ScalarType.Float32), x);
        return rule.Dropped is null ? logits : logits.masked_fill(tensor(rule.Dropped, device: logits.device), double.NegativeInfinity);
    }
}
