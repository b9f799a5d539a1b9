using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>W x + b in the precision of W (float32 for families that compute it there), then float32.</summary>
/// <param name="weight">[E, D]</param>
/// <param name="bias">[E], or null for none.</param>
/// <param name="survivors">Experts that may be chosen, or null for all; the others get minus infinity.</param>
public sealed class RouterLogits(Tensor weight, Tensor? bias = null, IReadOnlyList<int>? survivors = null)
{
    private readonly bool[]? _dropped = survivors is null
        ? null
        : [.. Enumerable.Range(0, (int)weight.shape[0]).Select(expert => !survivors.Contains(expert))];

    /// <summary>[T, D] to [T, E] float32.</summary>
    public Tensor Of(Tensor x_TD)
    {
        var x = x_TD.to_type(weight.dtype);
        var logits = weight.Adapt(linear(x, weight, bias).to_type(ScalarType.Float32), x);
        return _dropped is null ? logits : logits.masked_fill(tensor(_dropped, device: logits.device), double.NegativeInfinity);
    }
}
