using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Down to a small latent vector, normalised, and up again (DeepSeek-V2, arXiv 2405.04434, eq. 12 and 13).</summary>
public sealed class LowRankProjection(IProjection down, INorm norm, IProjection up) : IProjection
{
    public Tensor Forward(Tensor x) => up.Forward(norm.Forward(down.Forward(x)));
}
