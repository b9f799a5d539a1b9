using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Experts of gpt-oss, y = x W + b, gate and up in alternating columns:
/// <code>
/// gate = min(g, limit);  up = clamp(u, ±limit);  down((up + 1) gate sigmoid(slope gate))
/// </code>
/// </summary>
/// <param name="gateUp">[E, D, 2F] and bias [E, 2F]</param>
/// <param name="down">[E, F, D] and bias [E, D]</param>
/// <param name="limit">`swiglu_limit`</param>
/// <param name="slope">`swiglu_alpha`, 1.702</param>
public sealed class ClampedSwiGlu((Tensor Weight, Tensor Bias) gateUp, (Tensor Weight, Tensor Bias) down, double limit, double slope) : IExperts
{
    public int Count => (int)gateUp.Weight.shape[0];

    // Slices are taken anew in each pass: those made before a training starts would carry no gradient.
    public Tensor Forward(int expert, Tensor x_TD)
    {
        var both = Affine(x_TD, gateUp).Split(2);
        var gate = both.select(-1, 0).clamp_max(limit);
        var up = both.select(-1, 1).clamp(-limit, limit);
        return Affine((up + 1) * (gate * (gate * slope).sigmoid()), down);

        // mm, not matmul, around which TorchSharp catches nothing: running out of memory would end the process.
        Tensor Affine(Tensor x, (Tensor Weight, Tensor Bias) of) => of.Weight.Adapt(x.mm(of.Weight.select(0, expert)), x, expert) + of.Bias.select(0, expert);
    }
}
