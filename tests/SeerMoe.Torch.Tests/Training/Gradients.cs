using SeerMoe.Torch.Training;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Training;

internal static class Gradients
{
    /// <summary>Copies of what the last step left, by parameter; of those that have one.</summary>
    public static Dictionary<string, Tensor> Of(TrainableSet trained) =>
        trained.Parameters.Where(parameter => parameter.Value.grad is not null).ToDictionary(parameter => parameter.Key, parameter => parameter.Value.grad!.clone());
}
