using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>How fast each pair of dimensions turns with the position.</summary>
public interface IRotaryFrequencies
{
    /// <summary>Dimensions of a head that turn, from the first on; even.</summary>
    int Dimensions { get; }

    /// <summary>Radians a position, [Dimensions / 2] float32.</summary>
    /// <param name="length">Tokens of the sequence, by which some families choose.</param>
    Tensor Radians(long length, Device device);

    /// <summary>What cosine and sine are multiplied with.</summary>
    double Scale(long length);
}
